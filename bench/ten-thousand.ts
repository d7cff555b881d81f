import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PtyProgram } from '../test/helpers/pty-program.ts';
import { type Figure, percentile } from './measurement.ts';
import { FRAME, msUntil, until, withScreen } from './screen.ts';

const PODS = 10_000;
const KEYS = 200;
const BEFORE_MEMORY_MS = 30_000;
/** A hand's pace, so that each key meets a program at rest as it does in life. */
const BETWEEN_KEYS_MS = 40;

/** The pods of all namespaces of a big cluster with 10 changes a second; memory is that of the program, not the demo. */
export async function tenThousand(): Promise<Figure[]> {
  const args = ['--demo-scenario', 'calm', '--demo-scale', String(PODS), '--demo-changes', '10'];
  return withScreen({ args }, async (program, from) => {
    await msUntil(program, FRAME, from);
    program.type('2t0');
    const first = await msUntil(program, /\d\/\d (Running|Completed|Pending)/, from);
    await until(() => podsTold(program) >= PODS, `not all pods are told:\n${program.text()}`);
    const all = performance.now() - from;
    await sleep(BEFORE_MEMORY_MS);
    const memory = residentMegabytes(program.pid);
    const latencies = await keyLatencies(program);
    return [
      { name: '10,000 pods: command to the first row', value: first, unit: 'ms' },
      { name: '10,000 pods: command to all rows', value: all, unit: 'ms' },
      { name: '10,000 pods: memory (RSS) after 30 s', value: memory, unit: 'MB' },
      { name: '10,000 pods: key to the screen, p50', value: percentile(latencies, 0.5), unit: 'ms' },
      { name: '10,000 pods: key to the screen, p99', value: percentile(latencies, 0.99), unit: 'ms' },
    ];
  });
}

/** As the title of the pane counts them. */
function podsTold(program: PtyProgram): number {
  const title = program.lines().find(line => line.includes('2 Pods & tasks')) ?? '';
  const [, count = '0'] = /([\d,]+) ?┓|of ([\d,]+)/.exec(title) ?? [];
  return Number(count.replaceAll(',', ''));
}

/** From a key that moves the cursor to the first bytes that answer it. */
async function keyLatencies(program: PtyProgram): Promise<number[]> {
  const latencies: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    const written = program.written.length;
    const from = performance.now();
    program.type(key % 2 === 0 ? 'j' : 'k');
    await until(() => program.written.length > written, 'a key is not answered');
    latencies.push(performance.now() - from);
    await sleep(BETWEEN_KEYS_MS);
  }
  return latencies;
}

function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}
