import { afterEach, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

it('a port is forwarded in the background, listed, ended, and asked about before the program ends', async () => {
  const demo = ['bin/quarterdeck.js', '--demo', '--demo-scenario', 'still', '--clock', 'off'];
  program = new PtyProgram(process.execPath, demo, { env: home });
  await program.shows(/workloads · \d+ pods/);
  program.type('/ns=saasodoo name=user-service\r');
  await program.lacks('billing-service');
  await program.shows('● user-service');
  const url = async () => {
    program.type('f');
    await program.shows('local port');
    await program.shows('the pod declares');
    program.type('\t');
    await program.shows('↵ do it');
    program.type('\r');
    await program.shows(/port-forward: 127\.0\.0\.1:\d+ →/);
    return `http://${/127\.0\.0\.1:\d+(?= →)/.exec(program.text())?.[0]}/health`;
  };
  const first = await url();
  expect(await (await fetch(first)).json()).toEqual({ status: 'healthy', service: 'user-service' });
  await url();
  program.type('\x0c');
  await program.shows('2 forwards');
  program.type('F');
  await program.shows(/Under way[\s\S]*Forwarded ports[\s\S]*127\.0\.0\.1:\d+ → user-service-\S+, 1 connection/);
  program.type('\r');
  await program.shows(/port-forward user-service: done, .* ended after 1 connection/);
  program.type('\x1b');
  await program.lacks('Forwarded ports');
  await program.shows('1 forward');
  program.type('q');
  await program.shows('a port is forwarded: once more quits and ends it');
  program.type('q');
  expect(await program.ended()).toMatchObject({ code: 0 });
}, 90_000);
