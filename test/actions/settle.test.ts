import { expect, it } from 'vitest';
import { settle } from '../../src/actions/attempt.ts';
import { type Client, Refusal } from '../../src/sources/client.ts';

const NEVER = new AbortController().signal;
const PROOF = { path: '/nodes/n3', at: ['Spec', 'Role'], is: 'worker' };

/** An engine that holds these roles, one a look. */
function engine(...roles: string[]) {
  let looks = 0;
  const get = async () => ({ Spec: { Role: roles[Math.min(looks++, roles.length - 1)] } });
  return { client: { target: 'bed', identity: null, get, send: get } as Client, looks: () => looks };
}

const said = (why: string) =>
  new Refusal({ what: 'update', on: 'n3', why, fix: null }, { answer: 'no', status: 500, word: null });

it('takes the 500 of an engine for its no', async () => {
  const { client, looks } = engine('manager');
  await expect(
    settle(said('update out of sequence'), [PROOF], { client, signal: NEVER, proofMs: 1 }),
  ).rejects.toMatchObject({ outcome: 'refused' });
  expect(looks()).toBe(0);
});

it('looks for what the managers gave up to wait for', async () => {
  const { client } = engine('manager', 'manager', 'manager', 'manager', 'worker');
  await settle(said('rpc error: code = DeadlineExceeded desc = context deadline exceeded'), [PROOF], {
    client,
    signal: NEVER,
    proofMs: 1,
  });
});

it('does not know what became of it when it is not there in time', async () => {
  const { client } = engine('manager');
  await expect(
    settle(said('rpc error: code = Unavailable desc = no leader'), [PROOF], { client, signal: NEVER, proofMs: 1 }),
  ).rejects.toMatchObject({
    outcome: 'unknown',
    message: expect.stringMatching(/^the system gave up to wait for it: /),
  });
});
