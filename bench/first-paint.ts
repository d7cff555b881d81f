import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PtyProgram } from '../test/helpers/pty-program.ts';
import { type Figure, median } from './measurement.ts';
import { FRAME, msUntil, newHome, type Start, until, withScreen } from './screen.ts';

const RUNS = 7;

/** Sources of which none can be reached: what an operator sees before any answer. */
const PROFILE = `name: bench
sources:
  kubernetes: {kind: kubernetes, kubeconfig: no-such-file}
  swarm: {kind: swarm, host: 'tcp://127.0.0.1:9'}
`;

/** An older Node, under which the launcher hands over to the pinned one: measured where it is named. */
const OLDER_NODE = process.env.BENCH_OLDER_NODE;

/**
 * From the command to the first frame with pane titles, beside a bare Node that prints one word in the same terminal. It
 * waits for nothing that is watched. The first start of a version has nothing compiled yet; the others find it.
 */
export async function firstPaint(): Promise<Figure[]> {
  const home = newHome();
  const profile = join(home, 'bench.yaml');
  writeFileSync(profile, PROFILE);
  const changed = join(home, 'changed.yaml');
  const over = { profile, home };
  const demo = { args: ['--demo-scenario', 'still'], home };
  const processor = { profile: [] as number[], changed: [] as number[], demo: [] as number[] };
  const ways: [name: string, run: () => Promise<number>, taken: number[]][] = Object.entries({
    'bare Node to its first word': bareNode,
    'command with a profile to the first frame with all panes': () => toFrame(over, processor.profile),
    'command with --demo to the first frame with all panes': () => toFrame(demo, processor.demo),
    'with a profile that has changed': () => {
      writeFileSync(changed, `${PROFILE}# ${performance.now()}\n`);
      return toFrame({ profile: changed, home }, processor.changed);
    },
    'with a profile, the first start (nothing compiled yet)': () => toFrame({ ...over, home: newHome() }),
    'with --demo, the first start': () => toFrame({ ...demo, home: newHome() }),
    ...(OLDER_NODE && { 'with a profile, by way of an older Node': () => toFrame({ ...over, node: OLDER_NODE }) }),
  }).map(([name, run]) => [name, run, []]);
  await toFrame(over);
  await toFrame(demo);
  // In turns, so that other work on the machine falls on all alike.
  for (let run = 0; run < RUNS; run++) for (const [, once, taken] of ways) taken.push(await once());
  const [bare = 0, profiled = 0, embedded = 0] = ways.map(([, , taken]) => median(taken));
  return [
    ...ways.map(([name, , taken]): Figure => ({ name, value: median(taken), unit: 'ms' })),
    { name: 'first frame with a profile, to bare Node', value: profiled / bare, unit: '×' },
    { name: 'first frame with --demo, to bare Node', value: embedded / bare, unit: '×' },
    { name: 'processor time of its main thread, with a profile', value: median(processor.profile), unit: 'ms' },
    { name: 'processor time of its main thread, with a changed profile', value: median(processor.changed), unit: 'ms' },
    { name: 'processor time of its main thread, with --demo', value: median(processor.demo), unit: 'ms' },
  ];
}

function toFrame(start: Start, processor?: number[]): Promise<number> {
  return withScreen(start, async (program, from) => {
    const ms = await msUntil(program, FRAME, from);
    processor?.push(processorMs(program.pid));
    return ms;
  });
}

/** What the main thread has had of a processor so far, whatever else ran on it (Linux). */
function processorMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

async function bareNode(): Promise<number> {
  const from = performance.now();
  const program = new PtyProgram(process.execPath, ['-e', "console.log('ready')"]);
  await until(() => program.written.includes('ready'), 'Node does not start');
  const taken = performance.now() - from;
  await program.ended();
  program.close();
  return taken;
}
