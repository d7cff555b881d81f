import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TroubleError } from '../../src/model/trouble.ts';
import { openSsh, quote, remoteCommand } from '../../src/sources/run-ssh.ts';

const LONG = { deadlineMs: 15_000 };
let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-test-'));
  log = join(folder, 'log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Stands in for ssh: notes its arguments, one a line, and does with its last one what `body` says. */
function fakeSsh(body: string): string {
  const path = join(folder, 'ssh');
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" >> ${log}\nfor last; do :; done\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const argumentsSeen = () => readFileSync(log, 'utf8').trimEnd().split('\n');

describe('quoting for the remote shell', () => {
  it('gives back exactly every argument', () => {
    // No NUL: no argument can hold one.
    const words = fc.array(
      fc.string({ unit: 'binary', maxLength: 40 }).map(text => text.replaceAll('\0', '')),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(words, args => {
        const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${args.map(quote).join(' ')}`]);
        expect(stdout.toString().split('\0').slice(0, -1)).toEqual(args.map(each => each.toWellFormed()));
      }),
      { numRuns: 150 },
    );
  });

  it('leaves plain words readable', () => {
    expect(quote('/mnt/cephfs/a-b_c.d')).toBe('/mnt/cephfs/a-b_c.d');
    expect(quote('')).toBe("''");
    expect(quote('~')).toBe("'~'");
    expect(quote("it's")).toBe("'it'\\''s'");
  });

  it('lets the remote side end the command by itself', () => {
    expect(remoteCommand(['find', '/mnt/a b'], 4_200, 'mark')).toBe(
      `sh -c 'env LC_ALL=C timeout "$@"; echo ":$?:mark"; echo "mark" >&2' sh 5 find '/mnt/a b'`,
    );
  });
});

describe('a command by ssh', () => {
  it('is run by the remote shell as it was given', async () => {
    const ssh = openSsh('web-1', fakeSsh('exec sh -c "$last"'));
    const odd = ["it's", '$(id)', 'a  b', ''];
    const result = await ssh.run(['printf', '[%s]', ...odd], LONG);
    expect(result).toMatchObject({ code: 0, stdout: "[it's][$(id)][a  b][]" });
    await ssh.close();
  });

  it('never asks, shares a connection in a private folder, and takes no host for an option', async () => {
    const ssh = openSsh('web-1', fakeSsh('exec sh -c "$last"'));
    await ssh.run(['true'], LONG);
    const args = argumentsSeen();
    expect(args).toEqual(expect.arrayContaining(['BatchMode=yes', 'ConnectTimeout=5', 'ControlMaster=auto']));
    expect(args.slice(-3)).toEqual(['--', 'web-1', expect.stringMatching(/ timeout .* sh 15 true$/)]);
    const path = args.find(each => each.startsWith('ControlPath='))?.slice('ControlPath='.length) ?? '';
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    await ssh.close();
    expect(existsSync(dirname(path))).toBe(false);
    expect(argumentsSeen().slice(-4)).toEqual(['-O', 'exit', '--', 'web-1']);
  });

  it('that ends with an error of its own is an answer', async () => {
    const ssh = openSsh('web-1', fakeSsh('exec sh -c "$last"'));
    await expect(ssh.run(['sh', '-c', 'echo no >&2; exit 1'], LONG)).resolves.toMatchObject({
      code: 1,
      stderr: 'no\n',
    });
    await ssh.close();
  });

  it.each([
    ['all of it', 'exit 0'],
    ['what it says', 'sh -c "$last" > /dev/null'],
    ['its errors', 'sh -c "$last" 2> /dev/null'],
    ['the end of it', 'sh -c "$last" | head -c 3'],
  ])('that ends well, but of which is lost %s, is no answer', async (_, body) => {
    const ssh = openSsh('web-1', fakeSsh(body));
    const error = await ssh.run(['echo', '17 /mnt/a'], LONG).catch((reason: unknown) => reason);
    expect((error as TroubleError).trouble).toEqual({
      what: 'run echo by ssh',
      on: 'web-1',
      why: 'the connection broke off before all was said',
      fix: null,
    });
    await ssh.close();
  });

  it('that no shell has run is told as it ended', async () => {
    const ssh = openSsh('web-1', fakeSsh('echo This account is not available.; exit 1'));
    await expect(ssh.run(['find', '/'], LONG)).resolves.toMatchObject({ code: 1, timedOut: false });
    await ssh.close();
  });

  it.each([
    ['Host key verification failed.', 'Host key verification failed.', 'look at its key once by hand: ssh web-1'],
    [
      '@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@@@\nHost key verification failed.',
      'WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!',
      'its key is another one than before: ask why, then: ssh-keygen -R web-1',
    ],
    [
      'ops@web-1: Permission denied (publickey,password).',
      'ops@web-1: Permission denied (publickey,password).',
      'load a key with ssh-add, or name one for this host in ~/.ssh/config',
    ],
    [
      'ssh: Could not resolve hostname web-1: Name or service not known',
      'ssh: Could not resolve hostname web-1: Name or service not known',
      'correct the name, or describe the host in ~/.ssh/config',
    ],
    [
      'ssh: connect to host web-1 port 22: Connection refused',
      'ssh: connect to host web-1 port 22: Connection refused',
      'is the host up, and does its firewall let ssh in?',
    ],
    ['something new \x1b[31m', 'something new ␛[31m', null],
  ])('that ssh refuses is told in words: %s', async (stderr, why, fix) => {
    writeFileSync(join(folder, 'words'), `${stderr}\n`);
    const ssh = openSsh('web-1', fakeSsh(`cat ${join(folder, 'words')} >&2; exit 255`));
    const error = await ssh.run(['find', '/'], LONG).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TroubleError);
    expect((error as TroubleError).trouble).toEqual({ what: 'run find by ssh', on: 'web-1', why, fix });
    await ssh.close();
  });

  it('that hangs is let go of at the deadline and seen to its end', async () => {
    const ssh = openSsh('web-1', fakeSsh(`while [ ! -e ${folder}/back ]; do sleep 0.05; done`));
    const result = await ssh.run(['find', '/'], { deadlineMs: 300 });
    expect(result.timedOut).toBe(true);
    let gone = false;
    void result.gone?.then(() => {
      gone = true;
    });
    expect(gone).toBe(false);
    writeFileSync(join(folder, 'back'), '');
    await expect.poll(() => gone).toBe(true);
    rmSync(join(folder, 'ssh'));
    await ssh.close();
  });
});
