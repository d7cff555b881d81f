import { expect, test } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { hasTold } from '../../src/fleet/told.ts';
import { check, pool } from '../helpers/nouns.ts';

function source(...nouns: Parameters<ReturnType<Fleet['sink']>['put']>[0]) {
  const fleet = new Fleet({ everyMs: 0 });
  fleet.expect('prod', 'postgres');
  const sink = fleet.sink('prod', 'postgres');
  sink.put(nouns);
  return { sink, has: (...kinds: Parameters<typeof hasTold>[2]) => hasTold(fleet, 'prod', kinds) };
}

test('a kind that is asked for is not told, and one that is refused is', () => {
  const { sink, has } = source();
  sink.coverage('replica', { state: 'asking' });
  expect([has('node'), has('node', 'replica')]).toEqual([true, false]);
  sink.coverage('replica', { state: 'forbidden', trouble: { what: 'list pods', on: 'prod', why: 'no', fix: null } });
  expect(has('node', 'replica')).toBe(true);
});

test('pools are told when each was asked itself, and what they hold was read', () => {
  const asked = source(pool('pool-1', { source: 'prod', up: true }));
  asked.sink.coverage('database', { state: 'asking' });
  expect([asked.has('pool'), asked.has('node')]).toEqual([false, true]);
  asked.sink.coverage('database', { state: 'complete' });
  expect(asked.has('pool')).toBe(true);
  expect(source(pool('pool-1', { source: 'prod', up: null, downReason: null })).has('pool')).toBe(false);
  expect(source(pool('pool-1', { source: 'prod', up: null, downReason: 'no password' })).has('pool')).toBe(true);
  expect(source(pool('pool-1', { source: 'elsewhere', up: null, downReason: null })).has('pool')).toBe(true);
});

test('endpoints are told when each has answered, or failed', () => {
  expect(source(check('shop', { source: 'prod', status: null, failure: null })).has('check')).toBe(false);
  expect(source(check('shop', { source: 'prod', status: null, failure: 'refused' })).has('check')).toBe(true);
});
