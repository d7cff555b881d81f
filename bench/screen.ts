import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PtyProgram } from '../test/helpers/pty-program.ts';

/** All panes with their titles are drawn. */
export const FRAME = /1 Nodes[\s\S]*5 Events/;
export const SEED = 1;

const STARTED_MS = 120_000;
const LOOK_MS = 2;

export interface Start {
  args?: string[];
  /** The program over this profile instead of the embedded platform. */
  profile?: string;
  columns?: number;
  rows?: number;
  /** The Node that the command is started with; this one when left out. */
  node?: string;
  /** What the link to the terminal carries; all where it is left out. */
  bytesPerSecond?: number;
  /** The home of the user, whose caches an earlier start may have filled; a new one when left out. */
  home?: string;
}

/** The program in a pseudo-terminal, over the embedded platform if nothing else is said, while `use` runs. */
export async function withScreen<T>(
  { args = [], profile, columns = 200, rows = 50, node = process.execPath, home = newHome(), bytesPerSecond }: Start,
  use: (program: PtyProgram, startedAt: number) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const over = profile ? ['--profile', profile] : ['--demo', '--demo-seed', String(SEED)];
  const program = new PtyProgram(node, ['bin/quarterdeck.js', ...over, '--clock', 'off', ...args], {
    columns,
    rows,
    env: { HOME: home },
    ...(bytesPerSecond !== undefined && { bytesPerSecond }),
  });
  try {
    return await use(program, startedAt);
  } finally {
    program.type('\x03\x03');
    await program.ended(10_000).catch(() => program.close());
  }
}

const homes: string[] = [];

export function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  homes.push(home);
  return home;
}

export function removeHomes(): void {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

/** Milliseconds from `from` until the terminal had what brought the text onto the screen; looks every 2 ms. */
export async function msUntil(program: PtyProgram, wanted: RegExp, from: number): Promise<number> {
  await until(() => wanted.test(program.text()), `${wanted} is not on the screen:\n${program.text()}`);
  return program.heardAt - from;
}

export async function until(done: () => boolean, failure: string): Promise<void> {
  const end = performance.now() + STARTED_MS;
  while (!done()) {
    if (performance.now() > end) throw new Error(failure);
    await sleep(LOOK_MS);
  }
}

/** Nothing is being connected or asked for any more, in any pane. */
export async function allPanesLive(program: PtyProgram): Promise<void> {
  const waits = /connecting|asking|starting|not asked yet/;
  await until(
    () => FRAME.test(program.text()) && !waits.test(program.text()) && /\d+ of \d+ placed/.test(program.text()),
    `not all panes are live:\n${program.text()}`,
  );
}
