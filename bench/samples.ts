import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE_MS, MOST_SERIES, type Sample } from '../src/model/series.ts';
import { SampleTables } from '../src/store/sample-tables.ts';
import { openSamples } from '../src/store/samples.ts';
import { type Figure, median, percentile } from './measurement.ts';

const MINUTES = 600;
const START = Date.UTC(2026, 10, 23);

/** What it costs to keep as many series as there may be, on the screen's thread and on that of the samples. */
export async function samples(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'qd-bench-'));
  try {
    const tables = new SampleTables(join(folder, 'direct.sqlite'));
    const written = Array.from({ length: MINUTES }, (_, minute) =>
      timed(() => tables.add(START + minute * MINUTE_MS, batch(minute))),
    );
    const read = Array.from({ length: 20 }, () =>
      timed(() => tables.points({ id: 'prod/web-7', metric: 'cpu' }, START, START + MINUTES * MINUTE_MS, MINUTE_MS)),
    );
    tables.close();
    const rows = MOST_SERIES * (MINUTES + MINUTES / 5 + 1);
    const thread = openSamples(join(folder, 'thread.sqlite'));
    const handed: number[] = [];
    for (let minute = 0; minute < 100; minute++) {
      const given = batch(minute);
      handed.push(timed(() => thread.add(START + minute * MINUTE_MS, given)));
      await sleep(10);
    }
    await thread.close();
    return [
      { name: `${MOST_SERIES} samples handed to their thread, median of 100`, value: median(handed), unit: 'ms' },
      { name: `${MOST_SERIES} samples written, median of ${MINUTES}`, value: median(written), unit: 'ms' },
      { name: `${MOST_SERIES} samples written, p99`, value: percentile(written, 0.99), unit: 'ms' },
      { name: `a series of ${MINUTES} minutes read, median of 20`, value: median(read), unit: 'ms' },
      { name: 'a row on the disk', value: statSync(join(folder, 'direct.sqlite')).size / rows, unit: 'bytes' },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Half of them small numbers, half of them great ones. */
function batch(minute: number): Sample[] {
  return Array.from({ length: MOST_SERIES }, (_, index) => ({
    id: `prod/web-${index}`,
    metric: index % 2 ? 'cpu' : 'memory',
    value: index % 2 ? (index * 7 + minute * 13) % 997 : 3e9 + ((index * 7_919 + minute * 104_729) % 1e8),
  }));
}

function timed(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}
