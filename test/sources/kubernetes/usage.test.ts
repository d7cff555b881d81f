import { expect, test } from 'vitest';
import { Usage, type Used } from '../../../src/sources/kubernetes/usage.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';

const UNKNOWN = { cpuUsedMillicores: null, memoryUsedBytes: null };
const uses = (cpuUsedMillicores: number): Used => ({ cpuUsedMillicores, memoryUsedBytes: 1_024 });

function recorded() {
  const patches: [string, object][] = [];
  const sink = new RecordingSink();
  sink.patch = (_, id, fields) => void patches.push([id, { ...fields }]);
  const usage = new Usage('replica', sink);
  const answer = (prefix: string, all: Record<string, Used>, measuredAt: number | null = null) => {
    const begun = usage.answer(prefix);
    for (const [id, used] of Object.entries(all)) begun.take(id, used);
    begun.end(measuredAt);
    return patches.splice(0);
  };
  return { usage, answer, patches };
}

test('only what changed is told', () => {
  const { answer } = recorded();
  const [a, b] = ['prod/shop/pod/a', 'prod/shop/pod/b'];
  expect(answer('prod/', { [a]: uses(1), [b]: uses(1) })).toHaveLength(2);
  expect(answer('prod/', { [a]: uses(1), [b]: uses(1) })).toEqual([]);
  expect(answer('prod/', { [a]: uses(1), [b]: uses(2) })).toEqual([[b, uses(2)]]);
  expect(answer('prod/', { [a]: uses(1), [b]: uses(2) })).toEqual([]);
});

test('what an answer does not tell is unknown once it is complete, and that is told once', () => {
  const { usage, answer, patches } = recorded();
  const [a, other] = ['prod/shop/pod/a', 'prod/till/pod/a'];
  answer('prod/', { [a]: uses(1), [other]: uses(2) });
  const begun = usage.answer('prod/shop/');
  expect([patches, usage.of(a)]).toEqual([[], uses(1)]);
  begun.end(null);
  expect([patches, usage.of(a), usage.of(other)]).toEqual([[[a, UNKNOWN]], UNKNOWN, uses(2)]);
  patches.length = 0;
  expect(answer('prod/shop/', {})).toEqual([]);
});

test('what is measured in a namespace stays known while that of all namespaces is refused', () => {
  const { usage, answer, patches } = recorded();
  const [a, b] = ['prod/shop/pod/a', 'prod/till/pod/b'];
  answer('prod/', { [a]: uses(1), [b]: uses(1) });
  usage.lose('prod/');
  expect(patches.splice(0)).toEqual([
    [a, UNKNOWN],
    [b, UNKNOWN],
  ]);
  answer('prod/shop/', { [a]: uses(2) }, 1_000);
  usage.lose('prod/');
  expect([patches, usage.of(a), usage.measuredAt]).toEqual([[], uses(2), 1_000]);
  // All are told again, and nobody asks for the one any more.
  expect(answer('prod/', { [b]: uses(3) }, 5_000)).toEqual([
    [b, uses(3)],
    [a, UNKNOWN],
  ]);
  expect(usage.measuredAt).toBe(5_000);
});

test('what is gone and comes again is told anew', () => {
  const { usage, answer } = recorded();
  const a = 'prod/shop/pod/a';
  answer('prod/', { [a]: uses(1) });
  usage.forget(a);
  expect(usage.of(a)).toEqual(UNKNOWN);
  expect(answer('prod/', { [a]: uses(1) })).toEqual([[a, uses(1)]]);
});

test('the oldest of what was told last says when it was measured', () => {
  const { usage, answer } = recorded();
  expect(usage.measuredAt).toBeNull();
  answer('prod/shop/', {}, 1_000);
  answer('prod/till/', {}, 2_000);
  expect(usage.measuredAt).toBe(1_000);
  answer('prod/shop/', {}, 3_000);
  expect(usage.measuredAt).toBe(2_000);
  answer('prod/till/', {}, null);
  expect(usage.measuredAt).toBe(3_000);
});
