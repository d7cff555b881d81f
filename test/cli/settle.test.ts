import { expect, test } from 'vitest';
import { settle } from '../../src/cli/settle.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { pool } from '../helpers/nouns.ts';

test('pools that answer are waited for until what they hold has been read', async () => {
  const fleet = new Fleet({ everyMs: 0 });
  fleet.expect('prod', 'postgres');
  const sink = fleet.sink('prod', 'postgres');
  sink.coverage('database', { state: 'asking' });
  sink.state({ phase: 'live', proof: true });
  sink.put([pool('pool-1', { up: true, connections: null })]);
  sink.coverage('pool', { state: 'complete' });
  let settled = false;
  const settling = settle(fleet, new Set(['pool']), 10_000, new AbortController().signal).then(() => {
    settled = true;
  });
  fleet.flush();
  await new Promise(setImmediate);
  expect(settled).toBe(false);
  sink.put([pool('pool-1', { up: true, connections: 92 })]);
  sink.coverage('database', { state: 'complete' });
  fleet.flush();
  await settling;
  await fleet.stop();
});
