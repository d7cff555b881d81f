import { setTimeout as sleep } from 'node:timers/promises';
import type { PtyProgram } from '../test/helpers/pty-program.ts';
import { type Figure, percentile } from './measurement.ts';
import { processorMs, residentMegabytes } from './process.ts';
import { FRAME, msUntil, until, withScreen } from './screen.ts';

const PODS = 10_000;
const CHANGES_PER_SECOND = 500;
const KEYS = 200;
const BEFORE_MEMORY_MS = 30_000;
/** A hand's pace, so that each key meets a program at rest as it does in life. */
const BETWEEN_KEYS_MS = 40;

/** The pods of all namespaces of a big cluster where much happens; memory is that of the program, not the demo. */
export async function tenThousand(): Promise<Figure[]> {
  const args = ['--demo-scenario', 'calm', '--demo-scale', `${PODS}`, '--demo-changes', `${CHANGES_PER_SECOND}`];
  return withScreen({ args }, async (program, from) => {
    await msUntil(program, FRAME, from);
    program.type('2t0');
    const first = await msUntil(program, /\d\/\d (Running|Completed|Pending)/, from);
    await until(() => podsTold(program) >= PODS, `not all pods are told:\n${program.text()}`);
    const all = performance.now() - from;
    const processorBefore = processorMs(program.pid);
    await sleep(BEFORE_MEMORY_MS);
    const busy = (processorMs(program.pid) - processorBefore) / BEFORE_MEMORY_MS;
    const memory = residentMegabytes(program.pid);
    const latencies = await keyLatencies(program);
    return [
      { name: '10,000 pods: command to the first row', value: first, unit: 'ms' },
      { name: '10,000 pods: command to all rows', value: all, unit: 'ms' },
      { name: '10,000 pods: processor time for a second of 500 changes', value: busy * 1000, unit: 'ms' },
      { name: '10,000 pods: memory (RSS) after 30 s of 500 changes a second', value: memory, unit: 'MB' },
      {
        name: '10,000 pods, 500 changes a second: key to the screen, p50',
        value: percentile(latencies, 0.5),
        unit: 'ms',
      },
      {
        name: '10,000 pods, 500 changes a second: key to the screen, p99',
        value: percentile(latencies, 0.99),
        unit: 'ms',
      },
    ];
  });
}

/** As the title of the pane counts them. */
function podsTold(program: PtyProgram): number {
  const title = program.lines().find(line => line.includes('2 Pods & tasks')) ?? '';
  const [, count = '0'] = /([\d,]+) ?┓|of ([\d,]+)/.exec(title) ?? [];
  return Number(count.replaceAll(',', ''));
}

/** From a key that moves the cursor until it stands elsewhere: frames that other changes bring are no answer. */
async function keyLatencies(program: PtyProgram): Promise<number[]> {
  const latencies: number[] = [];
  program.type(MID_LIST);
  await sleep(SETTLED_MS);
  for (let key = 0; key < KEYS; key++) {
    const before = underCursor(program);
    const from = performance.now();
    program.type(key % 2 === 0 ? 'j' : 'k');
    await until(() => underCursor(program) !== before, `a key is not answered:\n${program.text()}`);
    latencies.push(performance.now() - from);
    await sleep(BETWEEN_KEYS_MS);
  }
  return latencies;
}

/** Where the cursor stands: the row that is drawn inverse, and as much of the name as is shown. */
function underCursor(program: PtyProgram): string {
  const lines = program.lines();
  const row = lines.findIndex((_, row) => program.isInverse(row, FIRST_COLUMN));
  return `${row} ${lines[row]?.slice(FIRST_COLUMN).split(/\s+/)[1]}`;
}

/** Some hundred rows down, and there into the middle of the pane: rows that come and go do not bring the cursor to an end. */
const MID_LIST = '\x1b[6~'.repeat(20) + 'k'.repeat(10);
const SETTLED_MS = 2_000;

/** Inside the frame of the left panes. */
const FIRST_COLUMN = 1;
