import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DAY_MS, MINUTE_MS, type Samples, STEPS, stepFor } from '../../src/model/series.ts';
import { SampleTables } from '../../src/store/sample-tables.ts';
import { openSamples } from '../../src/store/samples.ts';

const START = Date.UTC(2026, 10, 23);
const FIVE_MS = 5 * MINUTE_MS;
const cpu = { id: 'prod/node/w1', metric: 'cpu' } as const;

let folder: string;
let path: string;
const opened: (Samples | SampleTables)[] = [];
const keep = <T extends Samples | SampleTables>(samples: T): T => {
  opened.push(samples);
  return samples;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-samples-'));
  path = join(folder, 'prod.sqlite');
});
afterEach(async () => {
  for (const samples of opened.splice(0)) await samples.close();
  rmSync(folder, { recursive: true });
});

const tables = (mostSeries?: number) => keep(new SampleTables(path, mostSeries));
/** One value in each minute from a time on. */
function feed(into: SampleTables, values: readonly number[], from = START, key = cpu as { id: string; metric: 'cpu' }) {
  for (const [minute, value] of values.entries()) into.add(from + minute * MINUTE_MS, [{ ...key, value }]);
}
const count = (table: string) => {
  const database = new DatabaseSync(path);
  const rows = Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows);
  database.close();
  return rows;
};

describe('the tables', () => {
  test('keep a minute as it was read, and five minutes and a day as mean, least, greatest and how many', () => {
    const samples = tables();
    feed(samples, [1, 2, 3, 4, 5, 60]);
    expect(samples.points(cpu, START, START + DAY_MS, MINUTE_MS).map(({ mean }) => mean)).toEqual([1, 2, 3, 4, 5, 60]);
    expect(samples.points(cpu, START, START + DAY_MS, FIVE_MS)).toEqual([
      { at: START, mean: 3, min: 1, max: 5, count: 5 },
      { at: START + FIVE_MS, mean: 60, min: 60, max: 60, count: 1 },
    ]);
    expect(samples.points(cpu, START, START, DAY_MS)).toEqual([{ at: START, mean: 12.5, min: 1, max: 60, count: 6 }]);
  });

  test('a gap is a gap, and what was never kept has no points', () => {
    const samples = tables();
    feed(samples, [1]);
    feed(samples, [2], START + 3 * FIVE_MS);
    expect(samples.points(cpu, START, START + DAY_MS, FIVE_MS).map(({ at }) => at - START)).toEqual([0, 3 * FIVE_MS]);
    expect(samples.points({ ...cpu, metric: 'memory' }, START, START + DAY_MS, FIVE_MS)).toEqual([]);
  });

  test('the first value in a minute counts, once', () => {
    const samples = tables();
    for (const value of [7, 7, 9]) samples.add(START, [{ ...cpu, value }]);
    expect(samples.points(cpu, START, START, FIVE_MS)).toEqual([{ at: START, mean: 7, min: 7, max: 7, count: 1 }]);
  });

  test('a clock that is set back adds nothing twice, and fills what was missing', () => {
    const samples = tables();
    feed(samples, [1, 2, 3]);
    feed(samples, [9, 9, 9, 4]);
    expect(samples.points(cpu, START, START, FIVE_MS)).toEqual([{ at: START, mean: 2.5, min: 1, max: 4, count: 4 }]);
  });

  test('great values keep their size, small ones their decimals', () => {
    const samples = tables();
    samples.add(START, [{ ...cpu, value: 0.125 }]);
    samples.add(START + MINUTE_MS, [{ ...cpu, value: 126_701_535_232.4 }]);
    const means = samples.points(cpu, START, START + MINUTE_MS, MINUTE_MS).map(({ mean }) => mean);
    expect(means).toEqual([0.125, 126_701_535_232]);
  });

  test('so many slots of each step are kept, and the oldest go', () => {
    const samples = tables();
    const minutes = STEPS[0].kept + 60;
    feed(
      samples,
      Array.from({ length: minutes }, (_, minute) => minute),
    );
    const kept = samples.points(cpu, START, START + 2 * DAY_MS, MINUTE_MS);
    expect(kept).toHaveLength(STEPS[0].kept);
    expect(kept[0]?.mean).toBe(60);
    expect(samples.points(cpu, START, START + 2 * DAY_MS, FIVE_MS)).toHaveLength(minutes / 5);
    expect(count('samples')).toBe(STEPS[0].kept + minutes / 5 + 2);
  });

  test('a clock that ran ahead for a while costs no more than it wrote, and its future goes first', () => {
    const samples = tables();
    const full = Array.from({ length: STEPS[0].kept }, () => 1);
    feed(samples, full);
    feed(samples, [5, 5, 5], START + 1_000 * DAY_MS);
    feed(samples, [2, 2, 2], START + DAY_MS);
    expect(samples.points(cpu, START + 900 * DAY_MS, START + 1_100 * DAY_MS, MINUTE_MS)).toEqual([]);
    const kept = samples.points(cpu, START, START + 2 * DAY_MS, MINUTE_MS).map(({ mean }) => mean);
    expect(kept).toEqual([...full.slice(3), 2, 2, 2]);
  });

  test('so many series are kept: one more has no past, until another was not heard of for a day', () => {
    const samples = tables(2);
    const of = (id: string, at: number, value = 1) => samples.add(at, [{ id, metric: 'cpu', value }]);
    const known = (id: string) => samples.points({ id, metric: 'cpu' }, START, START + 3 * DAY_MS, DAY_MS).length > 0;
    of('a', START);
    of('b', START);
    of('c', START + MINUTE_MS);
    expect([known('a'), known('b'), known('c')]).toEqual([true, true, false]);
    of('b', START + DAY_MS);
    of('c', START + DAY_MS + MINUTE_MS);
    expect([known('a'), known('b'), known('c')]).toEqual([false, true, true]);
    expect(count('sample_series')).toBe(2);
    expect(count('samples')).toBe(3 + 3 + 3 - 1 + 1);
  });
});

test('the finest step that is kept for so long', () => {
  expect([MINUTE_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 365 * DAY_MS, 4_000 * DAY_MS].map(stepFor)).toEqual([
    MINUTE_MS,
    MINUTE_MS,
    FIVE_MS,
    FIVE_MS,
    DAY_MS,
    DAY_MS,
  ]);
});

describe('the thread', () => {
  test('keeps samples for the next program', async () => {
    const first = openSamples(path);
    first.add(START, [{ ...cpu, value: 3 }]);
    await first.close();
    const second = keep(openSamples(path));
    expect(await second.series(cpu, START, START + MINUTE_MS)).toEqual({
      stepMs: MINUTE_MS,
      points: [{ at: START, mean: 3, min: 3, max: 3, count: 1 }],
    });
  });

  test('tells once that it cannot keep, and goes on when it can', async () => {
    writeFileSync(path, 'this is no database');
    const onTrouble = vi.fn();
    const samples = keep(openSamples(path, onTrouble));
    samples.add(START, [{ ...cpu, value: 3 }]);
    samples.add(START, [{ ...cpu, value: 3 }]);
    await expect(samples.series(cpu, START, START)).rejects.toMatchObject({ trouble: { what: 'read samples' } });
    expect(onTrouble).toHaveBeenCalledOnce();
    rmSync(path);
    samples.add(START, [{ ...cpu, value: 3 }]);
    expect((await samples.series(cpu, START, START)).points).toHaveLength(1);
  });

  test('what is asked of a closed store is refused', async () => {
    const samples = openSamples(path);
    await samples.close();
    await expect(samples.series(cpu, START, START)).rejects.toMatchObject({ trouble: { why: 'the store is closed' } });
  });

  test('two programs at once keep the same series once', async () => {
    const program = `
      import { openSamples } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/samples.ts'))};
      const samples = openSamples(${JSON.stringify(path)}, trouble => console.log(trouble.why));
      for (let minute = 0; minute < 200; minute++)
        samples.add(${START} + minute * ${MINUTE_MS}, [{ id: ${JSON.stringify(cpu.id)}, metric: 'cpu', value: minute }]);
      await samples.close();`;
    const run = promisify(execFile);
    const args = ['--input-type=module', '--no-warnings', '-e', program];
    const both = await Promise.all([run(process.execPath, args), run(process.execPath, args)]);
    expect(both.map(({ stdout }) => stdout)).toEqual(['', '']);
    const { points } = await keep(openSamples(path)).series(cpu, START, START, DAY_MS);
    expect(points).toEqual([{ at: START, mean: 99.5, min: 0, max: 199, count: 200 }]);
  });
});
