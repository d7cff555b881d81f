import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeSwarm } from '../../../src/sources/swarm/discover.ts';
import { ScriptedEngine } from './scripted-engine.ts';

let engine: ScriptedEngine;
beforeEach(async () => {
  engine = new ScriptedEngine();
  await engine.listen();
});
afterEach(() => engine.close());

test.each([
  [{ LocalNodeState: 'active', ControlAvailable: true }, { swarm: true, manager: true }, null],
  [{ LocalNodeState: 'active', ControlAvailable: false }, { swarm: true, manager: false }, /worker of a swarm/],
  [{ LocalNodeState: 'inactive', ControlAvailable: false }, { swarm: false, manager: false }, /belongs to no swarm/],
  [{ LocalNodeState: 'locked', ControlAvailable: false }, { swarm: true, manager: false }, /locked/],
  [
    { LocalNodeState: 'active', ControlAvailable: true, Error: 'no leader' },
    { swarm: true, manager: true },
    /^no leader$/,
  ],
  [undefined, { swarm: null, manager: null }, /state unknown/],
])('%j', async (Swarm, found, why) => {
  engine.info = { Name: 'node1', ServerVersion: '28.5.2', Swarm };
  const probe = await probeSwarm({ host: engine.host });
  expect(probe).toMatchObject({ ...found, answers: true, address: engine.host, from: 'the profile', name: 'node1' });
  expect(probe.softwareVersion).toBe('28.5.2');
  if (why) expect(probe.trouble?.why).toMatch(why);
  else expect(probe.trouble).toBeNull();
});

test('silence ends at the deadline', async () => {
  engine.freeze();
  expect(await probeSwarm({ host: engine.host }, { deadlineMs: 30 })).toMatchObject({
    answers: false,
    swarm: null,
    trouble: { why: 'no answer within 0.03 s' },
  });
});

test('an engine that says no does answer; one that is not there does not', async () => {
  engine.faults.set('/info', { status: 403, message: 'denied' });
  expect(await probeSwarm({ host: engine.host })).toMatchObject({
    answers: true,
    swarm: null,
    trouble: { why: 'denied' },
  });
  const { host } = engine;
  await engine.close();
  expect(await probeSwarm({ host })).toMatchObject({ answers: false, trouble: { why: 'connection refused' } });
  await engine.listen();
  expect(await probeSwarm({ context: 'there is none' })).toMatchObject({ address: null, answers: false });
});
