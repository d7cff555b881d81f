import { describe, expect, it } from 'vitest';
import type { ReplicaSet } from '../../../src/demo/controller/kubernetes/objects.ts';
import { rollOver } from '../../../src/demo/controller/kubernetes/rolling-update.ts';

const set = (replicas: number, availableReplicas: number) =>
  ({ spec: { replicas }, status: { replicas, availableReplicas } }) as ReplicaSet;
const steps = (state: Parameters<typeof rollOver>[0]) =>
  rollOver(state).map(step => [step.set === state.newest ? 'new' : 'old', step.replicas]);

describe('rollOver', () => {
  it('first takes the room that the surge leaves', () => {
    expect(steps({ wanted: 4, surge: 1, unavailable: 1, newest: set(0, 0), old: [set(4, 4)] })).toEqual([['new', 1]]);
  });

  it('then gives up as many ready old pods as may be missing', () => {
    expect(steps({ wanted: 4, surge: 1, unavailable: 1, newest: set(1, 0), old: [set(4, 4)] })).toEqual([['old', 3]]);
  });

  it('gives up old pods that are not ready before those that are', () => {
    const old = [set(2, 2), set(2, 0)];
    const state = { wanted: 4, surge: 1, unavailable: 1, newest: set(1, 0), old };
    expect(rollOver(state)).toEqual([{ set: old[1], replicas: 1 }]);
  });

  it('waits while new ones are not ready and none may be missing', () => {
    expect(steps({ wanted: 3, surge: 1, unavailable: 0, newest: set(1, 0), old: [set(3, 3)] })).toEqual([]);
  });

  it('is over when the new set is whole and the old are gone', () => {
    expect(steps({ wanted: 3, surge: 1, unavailable: 0, newest: set(3, 3), old: [set(0, 0)] })).toEqual([]);
  });
});
