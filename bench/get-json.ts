import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { withApiServer } from './api-server.ts';
import { type Figure, median } from './measurement.ts';
import { newHome } from './screen.ts';

const PODS = 10_000;
const RUNS = 5;
const FETCH = fileURLToPath(new URL('fetch-pages.ts', import.meta.url));
/** On a busy machine too all must be there: else it is not the time for all that is measured. */
const TIMEOUT_SECONDS = '300';

/**
 * The whole command that prints all pods as JSON, as against a Node that fetches the same pods as JSON in the same pages
 * and parses them: turn about, so that what else the machine does meets both.
 */
export async function getJson(): Promise<Figure[]> {
  return withApiServer(PODS, async ({ profile, kubeconfig, pods }) => {
    const home = newHome();
    const which = ['--all-namespaces', '--profile', profile, '--timeout', TIMEOUT_SECONDS];
    const get = ['bin/quarterdeck.js', 'get', 'pods', '--json', ...which];
    await run(get, home);
    const turns: { ours: Taken; alone: Taken }[] = [];
    for (let turn = 0; turn < RUNS; turn++) {
      turns.push({ ours: await run(get, home), alone: await run([FETCH, kubeconfig], home) });
    }
    const ratio = (of: keyof Taken) => median(turns.map(({ ours, alone }) => ours[of] / alone[of]));
    const name = (what: string) => `get pods --json of ${pods.toLocaleString('en')} pods: ${what}`;
    return [
      { name: name('time'), value: median(turns.map(({ ours }) => ours.ms)), unit: 'ms' },
      { name: name('processor time'), value: median(turns.map(({ ours }) => ours.processorMs)), unit: 'ms' },
      { name: name('time, as against fetching and parsing'), value: ratio('ms'), unit: '×' },
      { name: name('processor time, as against fetching and parsing'), value: ratio('processorMs'), unit: '×' },
    ];
  });
}

interface Taken {
  ms: number;
  processorMs: number;
}

/** Runs a script under this Node; a shell tells what it has cost. */
async function run(script: string[], home: string): Promise<Taken> {
  const from = performance.now();
  const shell = ['-c', '"$@" >/dev/null; code=$?; times; exit $code', 'sh', process.execPath, ...script];
  const child = spawn('sh', shell, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, HOME: home } });
  const [told, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${script.join(' ')} ended with ${code}`);
  // "0m1.31s 0m0.26s", user and system, of the shell and then of its children.
  const [user = 0, system = 0] = [...(told.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return { ms: performance.now() - from, processorMs: (user + system) * 1_000 };
}
