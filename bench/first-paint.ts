import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PtyProgram } from '../test/helpers/pty-program.ts';
import { type Figure, median } from './measurement.ts';
import { FRAME, msUntil, newHome, until, withScreen } from './screen.ts';

const RUNS = 7;

/** Sources of which none can be reached: what an operator sees before any answer. */
const PROFILE = `name: bench
sources:
  kubernetes: {kind: kubernetes, kubeconfig: no-such-file}
  swarm: {kind: swarm, host: 'tcp://127.0.0.1:9'}
`;

/**
 * From the command to the first frame with pane titles, beside a bare Node that prints one word in the same terminal. The
 * frame over a profile waits for nothing; that of the embedded platform waits until that has begun to serve.
 */
export async function firstPaint(): Promise<Figure[]> {
  const home = newHome();
  const profile = join(home, 'bench.yaml');
  writeFileSync(profile, PROFILE);
  const bare: number[] = [];
  const screen: number[] = [];
  const demo: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    bare.push(await bareNode());
    screen.push(await withScreen({ profile, home }, (program, from) => msUntil(program, FRAME, from)));
    demo.push(
      await withScreen({ args: ['--demo-scenario', 'still'], home }, (program, from) => msUntil(program, FRAME, from)),
    );
  }
  return [
    { name: 'bare Node to its first word', value: median(bare), unit: 'ms' },
    { name: 'command with a profile to the first frame with all panes', value: median(screen), unit: 'ms' },
    { name: 'the same as a multiple of bare Node', value: median(screen) / median(bare), unit: '×' },
    { name: 'command with --demo to the first frame with all panes', value: median(demo), unit: 'ms' },
  ];
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
