import { expect, it } from 'vitest';
import { createClient, type Emptied, pathOf } from '../../../src/sources/cephfs/client.ts';
import { Refusal } from '../../../src/sources/client.ts';
import { Permit } from '../../../src/sources/permit.ts';
import type { RunResult } from '../../../src/sources/runner.ts';

// Which answer of a command means what; what the commands themselves do is the contract's.

const ROOT = '/mnt/cephfs';
const NEVER = new AbortController().signal;
const SEEN = { ID: '1099511628301', device: '52' };
const TROUBLE = { what: 'read CephFS', on: ROOT, why: 'the metadata server does not answer for 9 s', fix: null };

function client(result: Partial<RunResult> | Error, { silent = false } = {}) {
  const asked: string[][] = [];
  let written = 0;
  const answer = async (argv: string[]): Promise<RunResult> => {
    asked.push(argv);
    if (result instanceof Error) throw result;
    return { code: 0, stdout: '', stderr: '', timedOut: false, ...result };
  };
  const made = createClient({
    root: ROOT,
    where: path => path,
    run: answer,
    change: (_, argv) => answer(argv),
    flags: [],
    trouble: () => (silent ? TROUBLE : null),
    written: () => written++,
  });
  const send = (relative: string, more: object = {}) =>
    made.send(Permit.issue(), { method: 'PUT', path: pathOf(relative), body: { ...SEEN, ...more } }, NEVER);
  return { made, asked, send, written: () => written };
}

it('hands every word over as a parameter, to a text that is always the same', async () => {
  const names = ['a', '-rf', '$(reboot)', "it's\n; rm -rf /", 'x/y z'];
  const texts = new Set<string>();
  for (const name of names) {
    const { asked, send } = client({ stdout: '...' });
    expect(await send(name)).toEqual({ deleted: 3, isOver: true, complaint: null });
    const [program, c, text = '', label, path, root, identity, ...rest] = asked[0] ?? [];
    expect([program, c, label, path, root, identity]).toEqual([
      'sh',
      '-c',
      'quarterdeck',
      `${ROOT}/${name}`,
      ROOT,
      '52:1099511628301',
    ]);
    expect(rest).toEqual(['timeout', '15', 'find', '.', '-xdev', '-mindepth', '1', '-delete', '-printf', '.']);
    texts.add(text);
  }
  expect(texts.size).toBe(1);
});

it.each(['', '.', '..', '../x', 'a/../b', 'a//b', '/etc', '.snap/daily', 'a/.snap/daily/b'])(
  'asks nothing of %j',
  async relative => {
    const { made, asked } = client({});
    await expect(made.get(pathOf(relative), NEVER)).rejects.toMatchObject({ answer: 'no' });
    expect(asked).toEqual([]);
  },
);

it.each([
  [71, 404, 'it is gone, or cannot be entered'],
  [72, 409, 'its path leads out of the mount now'],
  [73, 409, 'it lies in a snapshot'],
  [74, 409, 'another directory has its name now'],
])('was not entered: %d', async (code, status, why) => {
  await expect(client({ code }).send('a')).rejects.toMatchObject({ answer: 'no', status, trouble: { why } });
});

it.each<[string, Partial<RunResult> | Error, object]>([
  [
    'ended by its deadline',
    { code: null, timedOut: true },
    { answer: 'none', trouble: { why: expect.stringMatching(/^no answer/) } },
  ],
  ['ended by a signal', { code: null }, { answer: 'none' }],
  ['the way broke off', new Error('socket hang up'), { answer: 'none', trouble: { why: 'socket hang up' } }],
  ['no such command', Object.assign(new Error('spawn sh'), { code: 'ENOENT' }), { answer: 'unsent' }],
  ['no find there', { code: 127, stderr: "timeout: failed to run command 'find'" }, { answer: 'no' }],
])('%s', async (_, result, refusal) => {
  const { send, written } = client(result);
  const error = await send('a').catch(error => error);
  expect(error).toBeInstanceOf(Refusal);
  expect(error).toMatchObject(refusal);
  // Whatever became of it is looked for.
  expect(written()).toBe(1);
});

it('tells what could not be deleted, and what there was no time for', async () => {
  const stderr =
    "find: cannot delete './a': Permission denied\nfind: cannot delete './b\u001b[2J': Permission denied\n";
  expect(await client({ code: 1, stdout: '..', stderr }).send('a')).toEqual({
    deleted: 2,
    isOver: true,
    complaint: "cannot delete './a': Permission denied, and 1 more",
  } satisfies Emptied);
  expect(await client({ code: 124, stdout: '..' }).send('a')).toEqual({ deleted: 2, isOver: false, complaint: null });
});

it('says what a user lacks who may not set quotas', async () => {
  const stderr = 'setfattr: .: Operation not permitted\n';
  const error = await client({ code: 1, stderr })
    .send('a', { quota: { limit: 'bytes', to: 1 } })
    .catch(error => error);
  expect(error).toMatchObject({ answer: 'no', status: 403 });
  expect((error as Refusal).trouble.why).toBe("Operation not permitted (its key needs the p of mds 'allow rwp')");
});

it('asks nothing of a mount that is known to be silent', async () => {
  const { made, asked } = client({}, { silent: true });
  await expect(made.get(pathOf('a'), NEVER)).rejects.toMatchObject({ answer: 'none', trouble: TROUBLE });
  expect(asked).toEqual([]);
});
