import { afterEach, describe, expect, it } from 'vitest';
import { PtyProgram } from '../helpers/pty-program.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

// Real keys on the real program over the embedded platform: what is done, and what must not be.

const home = temporaryHome();
let program: PtyProgram;
afterEach(() => program.close());

async function onUserService(args: string[] = []): Promise<void> {
  const demo = ['bin/quarterdeck.js', '--demo', '--demo-scenario', 'still', '--clock', 'off'];
  program = new PtyProgram(process.execPath, [...demo, ...args], { env: home });
  await program.shows(/workloads · \d+ pods/);
  program.type('/ns=saasodoo name=user-service\r');
  await program.lacks('billing-service');
  await program.shows('● user-service');
}

const ESC = '\x1b';

describe('a dialog', () => {
  it('is not answered by a key that came with the one that opened it', async () => {
    await onUserService();
    program.type('ry');
    await program.shows('Restart user-service');
    await program.shows('kubectl -n saasodoo rollout restart deployment/user-service');
    await program.shows('y do it');
    program.type(ESC);
    await program.lacks('Restart user-service');
    program.type('J');
    await program.shows('Nothing was done yet.');
  }, 60_000);

  it('is not answered by a paste', async () => {
    await onUserService();
    program.type('r');
    await program.shows('y do it');
    program.type('\x1b[200~y\x1b[201~');
    await program.shows('a paste confirms nothing');
    program.type(ESC);
    await program.lacks('Restart user-service');
    program.type('J');
    await program.shows('Nothing was done yet.');
  }, 60_000);

  it('scales, tells how far it is, and takes it back', async () => {
    await onUserService();
    program.type('s');
    await program.shows(/replicas +3 → \[ 3/);
    program.type('4');
    await program.shows(/replicas +3 → \[ 4/);
    await program.shows('ok (dry run)');
    program.type('\r');
    await program.shows(/scale user-service 3 → 4: done/);
    await program.shows('4/4');
    program.type('U');
    await program.shows(/replicas +4 → 3/);
    await program.shows('y do it');
    await program.read();
    program.type('y');
    await program.shows(/scale user-service 4 → 3: done/);
    program.type('J');
    await program.shows(/┏ Journal/);
    await program.shows(/scale user-service 4 → 3[\s\S]*scale user-service 3 → 4/);
    expect(program.text()).toContain('kubectl -n saasodoo scale deployment/user-service --replicas=4');
  }, 90_000);

  it('says in read-only that nothing is written', async () => {
    await onUserService(['--read-only']);
    program.type('r');
    await program.shows('read-only: nothing is written');
    program.type('y');
    await program.shows(/read-only: nothing is written/);
    program.type(ESC);
    await program.lacks('Restart user-service');
  }, 60_000);
});

it('a log is followed, searched, filtered and left', async () => {
  await onUserService();
  program.type('l');
  await program.shows('user-service: log');
  await program.shows(/3 replicas · \d+ lines · following/);
  program.type('&');
  program.type('nothing has this\r');
  await program.shows(/none of \d+ lines match|0 of \d+ lines/);
  program.type('&');
  program.type('\x15\r');
  await program.shows(/3 replicas · \d+ lines/);
  program.type('g');
  await program.shows(/paused, \d+ below/);
  program.type(ESC);
  await program.lacks('user-service: log');
}, 60_000);
