import { describe, expect, it } from 'vitest';
import { isReady } from '../../src/demo/controller/kubernetes/relations.ts';
import { Bed } from './bed.ts';

/** All that both APIs would serve. */
function snapshot({ world }: Bed): unknown {
  const { store } = world.cluster;
  const kinds = ['nodes', 'pods', 'deployments', 'replicasets', 'statefulsets', 'jobs', 'events'] as const;
  const swarm = (['node', 'service', 'task'] as const).map(kind => world.swarm.store.list(kind));
  return { kubernetes: kinds.map(kind => store.list(kind)), swarm, directories: world.storage.directories };
}

const unready = ({ world }: Bed) =>
  world.cluster.store
    .list('deployments')
    .filter(({ status }) => status.unavailableReplicas)
    .map(each => each.metadata.name);

describe('World', () => {
  it('becomes the same from the same seed, whatever the steps of the clock', () => {
    const [one, other] = [new Bed({ preset: 'default', seed: 5 }), new Bed({ preset: 'default', seed: 5 })];
    for (let step = 0; step < 60; step += 1) one.pass(5);
    other.pass(300);
    expect(snapshot(one)).toEqual(snapshot(other));
    expect(snapshot(new Bed({ preset: 'default', seed: 6 }))).not.toEqual(
      snapshot(new Bed({ preset: 'default', seed: 5 })),
    );
  });

  it('has nothing that a minute makes visibly older where nothing moves', () => {
    const { world } = new Bed({ preset: 'still' });
    const born = [
      ...world.cluster.store.list('pods').map(each => each.metadata.creationTimestamp),
      ...world.swarm.store.list('task').map(each => each.Status.Timestamp),
    ];
    expect(born.length).toBeGreaterThan(50);
    const twoDaysAgo = world.startedAt - 2 * 86_400_000;
    expect(born.filter(at => !(Date.parse(at ?? '') < twoDaysAgo))).toEqual([]);
  });

  it('begins with its troubles, and they are still there a minute later', () => {
    const bed = new Bed({ preset: 'default' });
    bed.pass(60);
    const { store } = bed.world.cluster;
    const node = store.get('nodes', undefined, 'vps-3');
    expect(node?.status.conditions.find(each => each.type === 'Ready')?.status).toBe('Unknown');
    const acme = bed.world.shape.instances[0]?.serviceName;
    expect(unready(bed)).toEqual(['database-worker', acme]);
    const broken = store.list('pods').find(each => each.metadata.name.startsWith(`${acme}-`));
    expect(broken?.status.containerStatuses?.[0]?.lastState.terminated?.message).toContain(
      '"odoo_acme" does not exist',
    );
    expect(broken?.status.containerStatuses?.[0]?.restartCount).toBeGreaterThan(10);
    const pending = store.list('pods').filter(each => each.status.phase === 'Pending');
    expect(pending.map(each => each.status.conditions?.[0]?.message)).toEqual([
      expect.stringContaining('1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }'),
    ]);
    expect(store.get('deployments', 'saasodoo', 'pgadmin')?.spec.replicas).toBe(0);
    const drained = bed.world.swarm.store.list('node').filter(each => each.Spec.Availability === 'drain');
    expect(drained.map(each => each.Description.Hostname)).toEqual(['vps-2']);
  });

  it('is well throughout when calm, and alive', () => {
    const bed = new Bed({ preset: 'calm' });
    const before = bed.world.cluster.store.revision;
    for (let minute = 0; minute < 10; minute += 1) {
      bed.pass(60);
      const sick = bed.world.cluster.store
        .list('pods')
        .filter(pod => pod.status.containerStatuses?.some(each => each.restartCount > 0));
      expect(sick).toEqual([]);
    }
    expect(bed.world.cluster.store.revision).toBeGreaterThan(before + 100);
    expect(bed.world.cluster.store.list('nodes').every(each => each.spec.taints === undefined)).toBe(true);
  });

  it('does not change at all when still', () => {
    const bed = new Bed({ preset: 'still' });
    const before = snapshot(bed);
    bed.pass(3 * 3600);
    expect(snapshot(bed)).toEqual(before);
    expect(bed.world.cluster.store.list('pods').filter(each => !isReady(each))).toEqual([]);
  });

  it('grows to the size that it is told, and changes as often', () => {
    const bed = new Bed({ scale: 1500, changesPerSecond: 100 });
    const { store } = bed.world.cluster;
    expect(store.count('pods')).toBeGreaterThan(1480);
    expect(store.count('pods')).toBeLessThan(1560);
    expect(store.list('pods').filter(each => each.status.phase === 'Pending')).toEqual([]);
    const before = store.revision;
    for (let second = 0; second < 10; second += 1) bed.pass(1);
    expect(store.revision - before).toBeGreaterThan(900);
    expect(store.revision - before).toBeLessThan(1300);
  });

  it('does not make up for the changes of a night', () => {
    const bed = new Bed({ changesPerSecond: 500 });
    const before = bed.world.cluster.store.revision;
    bed.pass(8 * 3600);
    expect(bed.world.cluster.store.revision - before).toBeLessThan(60_000);
  });
});
