import { setTimeout as sleep } from 'node:timers/promises';
import type { PtyProgram } from '../test/helpers/pty-program.ts';
import { processorMs } from './process.ts';
import { FRAME, msUntil, until, withScreen } from './screen.ts';

const PODS = 10_000;
/** A hand's pace, so that each key meets a program at rest as it does in life. */
const BETWEEN_KEYS_MS = 40;
const SETTLED_MS = 2_000;
/** Inside the frame of the left panes. */
const FIRST_COLUMN = 1;
/** Some hundred rows down, and there into the middle of the pane: rows that come and go do not bring the cursor to an end. */
const MID_LIST = '\x1b[6~'.repeat(20) + 'k'.repeat(10);

export interface Crowd {
  /** Pods that change in a second; 0: nothing changes at all. */
  changes: number;
  bytesPerSecond?: number;
}

/** Milliseconds from the command until then. */
export interface Loaded {
  firstRow: number;
  allRows: number;
}

/** The program with 10,000 pods of all namespaces in its pane, while `use` runs. */
export async function withPods<T>(
  { changes, bytesPerSecond }: Crowd,
  use: (program: PtyProgram, loaded: Loaded) => Promise<T>,
): Promise<T> {
  const scenario = ['--demo-scenario', changes > 0 ? 'calm' : 'still', '--demo-scale', `${PODS}`];
  const args = [...scenario, ...(changes > 0 ? ['--demo-changes', `${changes}`] : [])];
  return withScreen({ args, ...(bytesPerSecond !== undefined && { bytesPerSecond }) }, async (program, from) => {
    await msUntil(program, FRAME, from);
    program.type('2t0');
    const firstRow = await msUntil(program, /\d\/\d (Running|Completed|Pending)/, from);
    await until(() => podsTold(program) >= PODS, `not all pods are told:\n${program.text()}`);
    return use(program, { firstRow, allRows: performance.now() - from });
  });
}

/** As the title of the pane counts them. */
export function podsTold(program: PtyProgram): number {
  const [, count = '0'] = /([\d,]+) ?┓|of ([\d,]+)/.exec(titleOf(program)) ?? [];
  return Number(count.replaceAll(',', ''));
}

/** The upper edge of the pane of pods, with its filter. */
export function titleOf(program: PtyProgram): string {
  return program.lines().find(line => line.includes('2 Pods & tasks')) ?? '';
}

/** From a key that moves the cursor until it stands elsewhere: frames that other changes bring are no answer. */
export async function keyLatencies(program: PtyProgram, keys: number): Promise<number[]> {
  const latencies: number[] = [];
  program.type(MID_LIST);
  await sleep(SETTLED_MS);
  for (let key = 0; key < keys; key++) {
    const before = underCursor(program);
    const from = performance.now();
    program.type(key % 2 === 0 ? 'j' : 'k');
    await until(() => underCursor(program) !== before, `a key is not answered:\n${program.text()}`);
    latencies.push(program.heardAt - from);
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

/** Share of one core, 0 to 1, that all threads of the program have had over so long, in user and system mode; Linux counts in 10 ms. */
export async function shareOfCore(pid: number, ms: number): Promise<number> {
  const before = processorMs(pid);
  const from = performance.now();
  await sleep(ms);
  return (processorMs(pid) - before) / (performance.now() - from);
}
