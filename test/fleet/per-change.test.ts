import { expect, test, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { node, replica, workload } from '../helpers/nouns.ts';

/** How often maps and sets are asked, written to or gone through while one of so many pods changes. */
function workOfOneChange(pods: number): Record<string, number> {
  const fleet = new Fleet({ everyMs: 0 });
  const sink = fleet.sink('prod', 'kubernetes');
  const on = node('w1');
  const pod = (n: number, restarts: number) => replica(`odoo-${n}-1`, `odoo-${n}`, { node: on.id, restarts });
  sink.put([on]);
  for (let n = 0; n < pods; n++) sink.put([workload(`odoo-${n}`), pod(n, 0)]);
  fleet.flush();
  const before = fleet.version('replica');
  const spies = [Map, Set].flatMap(each =>
    (['get', 'has', 'set', 'add', 'delete', 'forEach', 'keys', 'values', 'entries', Symbol.iterator] as const)
      .filter(name => name in each.prototype)
      .map(name => [`${each.name} ${String(name)}`, vi.spyOn(each.prototype as never, name as never)] as const),
  );
  sink.put([pod(pods / 2, 1)]);
  fleet.flush();
  const counts = spies.map(([name, spy]) => [name, (spy as { mock: { calls: unknown[] } }).mock.calls.length] as const);
  vi.restoreAllMocks();
  expect(fleet.changedSince('replica', before)).toEqual(new Set([pod(pods / 2, 1).id]));
  return Object.fromEntries(counts);
}

test('a change costs the fleet the same among 100 pods as among 10,000', () => {
  const work = workOfOneChange(100);
  expect(Object.values(work).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
  expect(workOfOneChange(10_000)).toEqual(work);
});
