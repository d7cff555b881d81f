import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { act, orderNamed } from '../../src/cli/act.ts';
import { parseArguments, UsageError } from '../../src/cli/arguments.ts';
import { answerLost, OnDemo, systemGone } from '../actions/on-demo.ts';
import { fakeIo } from './harness.ts';

let demo: OnDemo;
beforeAll(async () => {
  demo = await OnDemo.start();
  for (const id of ['kubernetes/saasodoo/deployment/user-service', 'kubernetes/node/vps-3', 'swarm/node/vps-3']) {
    await demo.noun(id);
  }
});
afterAll(() => demo.close());

async function typed(line: string): Promise<{ code: number; out: string; err: string }> {
  const { operands, options } = parseArguments(['act', ...line.split(' ')]);
  const io = fakeIo();
  const code = await act(
    { gateway: demo.gateway(), fleet: demo.fleet },
    orderNamed(operands, options),
    options,
    true,
    io,
  );
  return { code, out: io.stdout, err: io.stderr };
}

describe('what is said on the command line', () => {
  it('is done, and ends with 0', async () => {
    expect(await typed('scale user-service --set replicas=+1 --yes')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/replicas: 3 → 4[\s\S]*done: 4 of 4 ready/),
    });
  });

  it.each([
    ['scale user-service --set replicas=2', /refused: it was not confirmed \(--yes\)/],
    ['scale user-service --set replicas=many --yes', /refused: a number, \+n or -n is wanted/],
    [
      'delete user-service --confirm user-servce',
      /refused: the name must be typed: user-service \(--confirm user-service\)/,
    ],
    ['delete user-service --yes', /refused: the name must be typed: user-service \(--confirm user-service\)/],
    ['restart user-servce --yes', /there is no workload or replica "user-servce"; did you mean user-service\?/],
    ['drain vps-3 --yes', /"vps-3" names 2: .*; say which by its id/],
    ['restart user-service nobody --yes', /there is no workload or replica "nobody"/],
  ])('%s: is refused in words, and ends with 1', async (line, words) => {
    const { code, out, err } = await typed(line);
    expect(code).toBe(1);
    expect(out + err).toMatch(words);
  });

  it.each([
    ['scale user-service --set replica=3 --yes', 'scale takes no replica for user-service; did you mean replicas?'],
    ['drain kubernetes/node/vps-3 swarm/node/vps-3 --set minutes=5 --yes', 'drain takes no minutes for vps-3'],
    ['scael user-service', 'there is no action "scael"; did you mean scale?'],
    ['scale', 'scale what? quarterdeck act scale TARGET…'],
    ['scale user-service --set replicas', '--set takes NAME=VALUE, not "replicas"'],
    ['exec a b --no-journal', '--no-journal needs --reason'],
  ])('%s: is no command line, and nothing is begun', async (line, words) => {
    const spy = vi.spyOn(demo, 'gateway');
    const error = await typed(line).catch(error => error as Error);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(words);
    for (const { value } of spy.mock.results) expect(value.actions).toEqual([]);
    spy.mockRestore();
  });

  it.each([
    ['failed', 2, systemGone],
    ['unknown', 3, answerLost],
  ] as const)('%s is told, and ends with %d', async (outcome, code, through) => {
    const gateway = demo.gateway();
    const { prepare } = gateway;
    gateway.prepare = async (...asked) => through(await prepare.apply(gateway, asked));
    vi.spyOn(demo, 'gateway').mockReturnValueOnce(gateway);
    const line =
      outcome === 'unknown' ? 'prune swarm/node/vps-1 --set what=build-cache' : 'scale user-service --set replicas=1';
    const told = await typed(`${line} --yes --json`);
    expect({ ...told, out: JSON.parse(told.out) }).toMatchObject({ code, out: { outcome, inverse: null, demo: true } });
  });

  it('is no fault of one of several that has nothing to do', async () => {
    await typed('prune swarm/node/vps-1 --set what=all-images --yes');
    const { code, out } = await typed('prune swarm/node/vps-1 swarm/node/vps-1 --set what=all-images --yes --json');
    expect(code).toBe(0);
    expect(JSON.parse(out).items).toEqual([
      expect.objectContaining({ outcome: 'done', reason: expect.stringMatching(/^there is nothing to remove/) }),
      expect.objectContaining({ outcome: 'done', journalId: null }),
    ]);
  });
});
