import { beforeEach, describe, expect, it } from 'vitest';
import { loseNode, returnNode } from '../../../src/demo/controller/kubernetes/nodes.ts';
import { isReady } from '../../../src/demo/controller/kubernetes/relations.ts';
import { Bed } from '../bed.ts';

let bed: Bed;
beforeEach(() => {
  bed = new Bed();
});

const store = () => bed.world.cluster.store;
const node = (name: string) => store().get('nodes', undefined, name)!;
const readiness = (name: string) => node(name).status.conditions.find(each => each.type === 'Ready')!;
const podsOn = (name: string) =>
  store()
    .list('pods')
    .filter(each => each.spec.nodeName === name);
const deployments = () =>
  store()
    .list('deployments')
    .filter(each => each.status.unavailableReplicas);

describe('a node that falls silent', () => {
  it('is declared lost after its grace, its pods unready, then replaced; those on it wait for their kubelet', () => {
    const moved = podsOn('vps-1').filter(each => each.metadata.ownerReferences?.[0]?.kind === 'ReplicaSet').length;
    expect(moved).toBeGreaterThan(5);
    loseNode(bed.world.cluster, 'vps-1');
    bed.pass(5);
    expect(readiness('vps-1').status).toBe('True');
    bed.until(() => readiness('vps-1').status === 'Unknown');
    expect(readiness('vps-1').message).toBe('Kubelet stopped posting node status.');
    expect(podsOn('vps-1').filter(isReady)).toEqual([]);
    bed.pass(100);
    const leaving = podsOn('vps-1').filter(each => each.metadata.deletionTimestamp);
    expect(leaving.length).toBeGreaterThanOrEqual(moved);
    expect(deployments()).toEqual([]);
    // A stateful set dares no second pod of the same name while it cannot know that the first has ended.
    const stuck = store()
      .list('statefulsets')
      .filter(each => (each.status.readyReplicas ?? 0) === 0);
    expect(stuck.length).toBeGreaterThan(0);

    returnNode(bed.world.cluster, 'vps-1');
    bed.until(() => leaving.every(each => store().current('pods', each) === null));
    expect(readiness('vps-1').status).toBe('True');
    bed.until(() =>
      store()
        .list('statefulsets')
        .every(each => each.status.readyReplicas === 1),
    );
  });

  it('that speaks again within its grace is never declared lost', () => {
    loseNode(bed.world.cluster, 'vps-1');
    bed.pass(6);
    returnNode(bed.world.cluster, 'vps-1');
    bed.pass(60);
    expect(readiness('vps-1').status).toBe('True');
    expect(
      store()
        .list('events')
        .filter(each => each.reason === 'NodeNotReady'),
    ).toEqual([]);
  });
});

describe('a node that is cordoned', () => {
  it('keeps its pods and takes no more; what fits nowhere else waits and says why', () => {
    const cordon = (unschedulable: boolean) =>
      store().modify('nodes', node('vps-1'), now => ({ ...now, spec: { ...now.spec, unschedulable } }));
    const before = podsOn('vps-1').length;
    cordon(true);
    bed.until(() => node('vps-1').spec.taints?.[0]?.key === 'node.kubernetes.io/unschedulable');
    const big = store().get('deployments', 'saasodoo', 'user-service')!;
    store().modify('deployments', big, now => ({ ...now, spec: { ...now.spec, replicas: 500 } }));
    bed.pass(20);
    expect(podsOn('vps-1').length).toBeLessThanOrEqual(before + 2);
    const waiting = store()
      .list('pods')
      .filter(each => !each.spec.nodeName);
    expect(waiting[0]?.status.conditions?.[0]?.message).toMatch(
      /^0\/3 nodes are available: .*1 node\(s\) were unschedulable.* preemption: 0\/3 nodes are available: /,
    );
    cordon(false);
    bed.until(() => podsOn('vps-1').length > before + 2);
  });
});
