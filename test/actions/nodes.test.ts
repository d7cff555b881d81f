import { afterEach, beforeEach, expect, it } from 'vitest';
import { at } from '../../src/actions/prove.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;

beforeEach(async () => {
  demo = await OnDemo.start();
});
afterEach(() => demo.close());

const TYPE = 'application/merge-patch+json';

it('empties a node but for what belongs to it', async () => {
  const node = await demo.noun('kubernetes/node/vps-3');
  const before = await podsOn('vps-3');
  const { outcome, words, proposal } = await demo.act('drain', node);
  const moving = before.filter(({ daemon }) => !daemon);
  expect({ outcome, words }).toEqual({
    outcome: 'done',
    words: expect.stringMatching(new RegExp(`^${moving.length} of ${moving.length} moved`)),
  });
  expect(await podsOn('vps-3')).toEqual(before.filter(({ daemon }) => daemon));
  expect(proposal.plan.notes).toContainEqual(expect.stringMatching(/^1 pod of DaemonSets will stay$/));
  expect(proposal.plan.notes).toContainEqual(expect.stringMatching(/ fit on vps-1, vps-2$/));
});

it('waits for a budget that lets none go, and gives up in words', async () => {
  const node = await demo.noun('kubernetes/node/vps-2');
  const proposal = await demo.propose('drain', node, { minutes: '2' });
  expect(proposal.plan.notes).toContainEqual('budget postgres allows none to go now: postgres-0');
  const { outcome, words } = await demo.carryOut(proposal);
  expect({ outcome, words }).toEqual({
    outcome: 'failed',
    words: expect.stringMatching(
      /^(\d+) of \d+ moved; postgres-0: waits for budget postgres after 2 minutes; the node stays cordoned$/,
    ),
  });
  expect((await podsOn('vps-2')).filter(({ daemon }) => !daemon)).toEqual([{ name: 'postgres-0', daemon: false }]);
});

it('lets a pod go as soon as its budget does', async () => {
  const node = await demo.noun('kubernetes/node/vps-2');
  const gateway = demo.gateway();
  const ending = demo.act('drain', node, {}, gateway);
  await expect.poll(() => gateway.running[0]?.words, { timeout: 10_000 }).toContain('waits for budget postgres');
  await demo.write('kubernetes', {
    method: 'DELETE',
    path: '/apis/policy/v1/namespaces/saasodoo/poddisruptionbudgets/postgres',
  });
  expect(await ending).toMatchObject({ outcome: 'done' });
});

it('names what nothing makes anew, and asks for the name of the node', async () => {
  const node = await demo.noun('kubernetes/node/vps-3');
  await demo.write('kubernetes', {
    method: 'POST',
    path: '/api/v1/namespaces/saasodoo/pods',
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'by-hand', namespace: 'saasodoo' },
      spec: {
        nodeName: 'vps-3',
        volumes: [{ name: 'scratch', emptyDir: {} }],
        containers: [{ name: 'main', image: 'alpine:3' }],
      },
    },
  });
  const { plan, needs } = await demo.propose('drain', node);
  expect(plan.risk).toBe('destructive');
  expect(needs.confirm).toBe('name');
  expect(plan.command).toBe('kubectl drain vps-3 --ignore-daemonsets --delete-emptydir-data --force --timeout=30m');
  expect(plan.notes).toContain('nothing makes them anew, they are gone for ever: by-hand');
  expect(plan.notes).toContain('data in an emptyDir are lost: by-hand');
});

it('says what finds no room', async () => {
  const node = await demo.noun('kubernetes/node/vps-3');
  for (const name of ['vps-1', 'vps-2']) await demo.act('cordon', await demo.noun(`kubernetes/node/${name}`));
  await expect
    .poll(async () => (await demo.propose('drain', node)).plan.notes, { timeout: 10_000 })
    .toContainEqual(expect.stringMatching(/^no room for \S+: [\dm.]+ CPU, [\dMG.]+$/));
});

it('says that the machine is one of the other system as well', async () => {
  const [kubernetes, swarm] = [await demo.noun('kubernetes/node/vps-3'), await demo.noun('swarm/node/vps-3')];
  expect((await demo.propose('drain', kubernetes)).plan.notes).toContainEqual(
    expect.stringMatching(/^this machine is also vps-3 of swarm: \d+ tasks? there stays?$/),
  );
  expect((await demo.propose('drain', swarm)).plan.notes).toContainEqual(
    expect.stringMatching(/^this machine is also vps-3 of kubernetes: \d+ pods? there stays?$/),
  );
});

it('does not begin with what is no time', async () => {
  const node = await demo.noun('kubernetes/node/vps-3');
  await expect(demo.propose('drain', node, { minutes: 'soon' })).rejects.toThrow('a number of minutes is wanted');
});

it('empties a node of a swarm', async () => {
  const node = await demo.noun('swarm/node/vps-3');
  const { outcome, words, proposal } = await demo.act('drain', node);
  expect({ outcome, words }).toEqual({ outcome: 'done', words: expect.stringMatching(/^empty in /) });
  expect(proposal.plan.notes).toContainEqual(expect.stringMatching(/^\d+ tasks will be replaced on other nodes$/));
  expect(proposal.plan.notes).toContainEqual(expect.stringMatching(/ on vps-1, vps-2$/));
});

it('promotes a worker, and takes that back', async () => {
  const node = await demo.noun('swarm/node/vps-3');
  const gateway = demo.gateway();
  const { outcome, proposal } = await demo.act('promote', node, {}, gateway);
  expect(outcome).toBe('done');
  expect(proposal.plan.notes[0]).toBe('now 1 manager, none may be lost; then 2 managers, none may be lost');
  expect(at(await demo.read(node), ['ManagerStatus', 'Reachability'])).toBe('reachable');
  expect(await demo.undo(gateway)).toMatchObject({ outcome: 'done' });
  expect(at(await demo.read(node), ['Spec', 'Role'])).toBe('worker');
});

it('does not demote the last manager, and what would leave too few to decide', async () => {
  const last = await demo.noun('swarm/node/vps-1');
  await expect(demo.propose('demote', last)).rejects.toThrow('it is the last manager');
  for (const name of ['vps-2', 'vps-3']) await demo.act('promote', await demo.noun(`swarm/node/${name}`));
  const { plan } = await demo.propose('demote', last);
  expect(plan.notes).toEqual([
    'now 3 managers, 1 may be lost; then 2 managers, none may be lost',
    'it leads: another one will be elected first',
    'it is the one that is asked here: it will answer nothing about the swarm any more',
  ]);
  demo.platform.world.swarm.loseNode('vps-3');
  await expect(demo.propose('demote', last)).rejects.toThrow(
    'it would lose the quorum: 1 of the 2 other managers is reachable, 2 are needed to decide anything',
  );
});

it.each([
  ['kubernetes/node/vps-2', 'kubectl label node vps-2 disk-', ['metadata', 'labels', 'disk']],
  ['swarm/node/vps-2', 'docker node update --label-rm disk vps-2', ['Spec', 'Labels', 'disk']],
])('takes a label of %s away, and leaves one that somebody else has set meanwhile', async (id, command, where) => {
  const node = await demo.noun(id);
  const gateway = demo.gateway();
  await expect(demo.propose('label', node, { label: 'disk-' })).rejects.toThrow('it has no label disk');
  await expect(demo.propose('label', node, { label: 'disk' })).rejects.toThrow('name=value or name- is wanted');
  await demo.act('label', node, { label: 'disk=ssd' });
  const [first, second] = [
    await demo.propose('label', node, { label: 'disk-' }, gateway),
    await demo.propose('label', node, { label: 'disk=nvme' }, gateway),
  ];
  expect(first.plan.command).toBe(command);
  expect(await demo.carryOut(first, gateway)).toMatchObject({ outcome: 'done' });
  expect(await demo.carryOut(second, gateway)).toMatchObject({
    outcome: 'refused',
    words: expect.stringContaining('changed meanwhile'),
  });
  expect(await demo.undo(gateway)).toMatchObject({ outcome: 'done' });
  expect(at(await demo.read(node), where)).toBe('ssd');
});

it('removes no node of a swarm that is up, unless it is forced', async () => {
  const node = await demo.noun('swarm/node/vps-3');
  await expect(demo.propose('remove', node)).rejects.toThrow(
    'it is ready: drain it and stop its engine first, or force it',
  );
  expect((await demo.propose('remove', node, { force: 'yes' })).needs.confirm).toBe('name');
  await expect(demo.propose('remove', await demo.noun('swarm/node/vps-1'))).rejects.toThrow('demote it first');
});

it('says that a node of Kubernetes is not empty', async () => {
  const { plan } = await demo.propose('remove', await demo.noun('kubernetes/node/vps-3'));
  expect(plan.risk).toBe('destructive');
  expect(plan.notes).toEqual([
    expect.stringMatching(/^it is not empty: \d+ pods will be deleted without a budget being asked\. Drain it first$/),
    'its kubelet runs: it registers the node anew unless it is stopped',
  ]);
});

it('drains no node that somebody else changed meanwhile', async () => {
  const node = await demo.noun('kubernetes/node/vps-3');
  const before = await podsOn('vps-3');
  const proposal = await demo.propose('drain', node);
  await demo.write('kubernetes', {
    method: 'PATCH',
    path: '/api/v1/nodes/vps-3',
    type: TYPE,
    body: { spec: { unschedulable: true } },
  });
  expect(await demo.carryOut(proposal)).toMatchObject({ outcome: 'refused' });
  expect(await podsOn('vps-3')).toEqual(before);
});

async function podsOn(node: string) {
  const list = await demo.get('kubernetes', `/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`);
  return (at(list, ['items']) as object[]).map(pod => ({
    name: at(pod, ['metadata', 'name']),
    daemon: at(pod, ['metadata', 'ownerReferences', '0', 'kind']) === 'DaemonSet',
  }));
}
