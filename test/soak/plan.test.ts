import { describe, expect, it } from 'vitest';
import { faultsOf, faultsOfProgram } from './faults.ts';
import { planOf } from './plan.ts';

const ROWS = [...faultsOf('kubernetes'), ...faultsOf('ceph'), ...faultsOfProgram(['kubernetes', 'cephfs'])];

describe('the plan of a soak', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOf(7, 20, ROWS)).toEqual(planOf(7, 20, ROWS));
    expect(planOf(7, 20, ROWS)).not.toEqual(planOf(8, 20, ROWS));
  });

  it('has a fault every 20 seconds, and its end within the time', () => {
    const plan = planOf(1, 3, ROWS);
    expect(plan.map(({ at }) => at)).toEqual([20, 40, 60, 80, 100, 120, 140, 160]);
    for (const { at, seconds } of plan) expect(at + seconds).toBeLessThanOrEqual(180);
  });

  it('breaks a part only when it is whole', () => {
    const parts = Map.groupBy(planOf(3, 60, ROWS), ({ part }) => part);
    for (const steps of parts.values())
      for (const [index, { at }] of steps.entries()) {
        const before = steps[index - 1];
        if (before) expect(at).toBeGreaterThan(before.at + before.seconds);
      }
  });

  it('goes through all faults of a part before it repeats one', () => {
    const all = faultsOf('kubernetes').map(({ what }) => what);
    const told = planOf(5, 60, ROWS).flatMap(({ part, what }) => (part === 'kubernetes' ? [what] : []));
    expect(told.slice(0, all.length).toSorted()).toEqual(all.toSorted());
  });
});
