import { expect, test } from 'vitest';
import { DoctorOutput } from '../../src/cli/json.ts';
import { examineEngines } from '../../src/fleet/engines.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Node } from '../../src/model/entity.ts';
import { type Client, Unreached } from '../../src/sources/client.ts';
import type { Sink } from '../../src/sources/source.ts';
import { node } from '../helpers/nouns.ts';
import { fakeIo, fakeSource, live, play } from './harness.ts';

const trouble = { what: 'list services', on: 'prod', why: 'forbidden', fix: 'kubectl create clusterrole …' };
const partly = (sink: Sink): void => {
  live('node', 'workload', 'replica')(sink);
  sink.state({ target: 'prod · v1.35.4 · as ops' });
  sink.coverage('service', { state: 'forbidden', trouble });
  sink.coverage('claim', { state: 'absent', trouble: { ...trouble, why: 'there are none', fix: null } });
};

test('all is well: 0, what each source tells and how often it was asked', async () => {
  const { code, stdout } = await play('doctor', { host: live('host') });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^● host: host · live\n {4}tells host · 3 requests so far$/m);
  expect(stdout).toMatch(/nothing to mend\n$/);
});

test('what is not permitted: 1, with what to do', async () => {
  const { code, stdout } = await play('doctor', { kubernetes: partly });
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^▲ kubernetes: service forbidden\n {4}list services on prod: forbidden\n {4}→ kubectl create clusterrole …$/m,
  );
  expect(stdout).toMatch(/^● kubernetes: claim absent/m);
  expect(stdout).toMatch(/1 to mend\n$/);
});

test('what is well and could have more: 0, and no word of nothing to mend beside it', async () => {
  const advice = { what: 'list backups', on: 'ceph', why: 'no folder is named', fix: 'add backups to this source' };
  const { code, stdout } = await play('doctor', {
    cephfs: sink => {
      live('directory')(sink);
      sink.coverage('backup', { state: 'absent', trouble: advice });
    },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^● cephfs: backup absent\n.*\n {4}→ add backups to this source$/m);
  expect(stdout).toMatch(/^1 could be added\n$/m);
  expect(stdout).not.toMatch(/nothing to mend/);
});

test('what the source is there for is not there: 1', async () => {
  const missing = { what: 'read attributes', on: 'ceph', why: 'command not found', fix: 'install getfattr' };
  const { code, stdout } = await play('doctor', {
    cephfs: sink => {
      sink.state({ phase: 'live', proof: true });
      sink.coverage('directory', { state: 'absent', trouble: missing });
    },
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^▲ cephfs: directory absent\n.*\n {4}→ install getfattr$/m);
  expect(stdout).toMatch(/^1 to mend\n$/m);
});

test('what is not reachable: 3', async () => {
  const refused = (sink: Sink) =>
    sink.state({ phase: 'refused', trouble: { ...trouble, why: '401', fix: 'log in again' } });
  const { code, stdout } = await play('doctor', { kubernetes: refused });
  expect(code).toBe(3);
  expect(stdout).toMatch(/^✖ kubernetes: kubernetes · refused\n {4}list services on prod: 401\n {4}→ log in again$/m);
});

test('the same for programs', async () => {
  const { json, code } = await play('doctor --json', { kubernetes: partly });
  const output = DoctorOutput.parse(json);
  expect(code).toBe(1);
  expect(output.profile.name).toBe('prod');
  expect(output.sources).toMatchObject([
    {
      name: 'kubernetes',
      target: 'prod · v1.35.4 · as ops',
      requests: 3,
      kinds: {
        node: { state: 'complete', error: null, fix: null },
        service: { state: 'forbidden', error: 'list services on prod: forbidden', fix: trouble.fix },
      },
    },
  ]);
  expect(output.findings.filter(({ severity }) => severity === 'warn')).toHaveLength(1);
});

test('nothing there: 3 and what to set, for programs too', async () => {
  const io = fakeIo();
  const { play0 } = await import('./harness.ts');
  expect(await play0(['doctor', '--json'], io)).toBe(3);
  expect(DoctorOutput.parse(JSON.parse(io.stdout)).findings).toMatchObject([
    { severity: 'bad', fix: expect.stringMatching(/KUBECONFIG or DOCKER_HOST/) },
  ]);
});

test('the terminal: its faults and a ruler', async () => {
  const io = fakeIo({ columns: 60, env: { TERM: 'dumb', LANG: 'C', TMUX: '/tmp/x' } });
  const { stdout, code } = await play('doctor', { host: live('host') }, { io });
  expect(code).toBe(1);
  expect(stdout).toMatch(/TERM is dumb/);
  expect(stdout).toMatch(/locale is not UTF-8/);
  expect(stdout).toMatch(/60×40 is small/);
  expect(stdout).toMatch(/in tmux/);
  const [above, below] = stdout.trimEnd().split('\n').slice(-2);
  expect([...(above ?? '')].length).toBe([...(below ?? '')].length);
});

test('the engines of the nodes of a swarm: which are reached, and why others are not', async () => {
  const nodes = ['w1', 'w2', 'w3', 'w4'].map(name => node(name, { source: 'swarm', ready: name !== 'w4' }));
  const trouble = (why: string, fix: string | null) =>
    new Unreached({ what: 'reach its engine', on: 'there', why, fix }, 'ssh -t there');
  const engine = async ({ name }: Node): Promise<Client> => {
    if (name === 'w2') throw trouble('the profile does not say how', 'say how in the profile');
    if (name === 'w3' || name === 'w4') throw trouble(`no route to ${name}`, null);
    return { target: name, identity: null, get: async () => ({}), send: async () => ({}) };
  };
  const fleet = new Fleet();
  fleet.watch({
    ...fakeSource('swarm', 'swarm', sink => {
      live('node')(sink);
      sink.put(nodes);
    }),
    engine,
  });
  fleet.flush();
  expect(await examineEngines(fleet, new AbortController().signal)).toEqual([
    { severity: 'ok', what: 'engines of nodes', why: 'reached: w1', fix: null },
    {
      severity: 'ok',
      what: 'swarm: engine of w2 not reached',
      why: 'the profile does not say how',
      fix: 'say how in the profile',
    },
    { severity: 'warn', what: 'swarm: engine of w3 not reached', why: 'no route to w3', fix: null },
    { severity: 'ok', what: 'swarm: engine of w4 not reached', why: 'no route to w4', fix: null },
  ]);
});
