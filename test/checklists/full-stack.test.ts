import { describe, expect, it } from 'vitest';
import { fullStack } from '../../src/checklists/items/full-stack.ts';
import type { TeamState } from '../../src/model/team.ts';
import {
  backup,
  check,
  directory,
  instance,
  node,
  pool,
  replica,
  service,
  storage,
  workload,
} from '../helpers/nouns.ts';
import { HandMade, NOW, told } from './hand-made.ts';

const platform = () =>
  new HandMade(['kubernetes', 'postgres', 'cephfs', 'http'], { logs: async () => {} }).tell(
    node('w1'),
    workload('web'),
    replica('web-1', 'web'),
    service('web'),
    pool('pool-1'),
    instance('acme'),
    directory('data'),
    storage('fs'),
    backup('acme', NOW - 3_600_000),
    check('api'),
  );

describe('the full stack', () => {
  it('passes where everything is well', async () => {
    const result = await platform().run(fullStack);
    expect([result.verdict, ...told(result)]).toEqual(['pass']);
    expect(result.reason).toMatch(/^4 of 4 sources live · 1 of 1 workloads at their count/);
  });

  it('warns and fails of whatever is not well, of any kind', async () => {
    const warned = await platform()
      .tell(pool('pool-1', { connections: 85 }), check('api', { latencyMs: 2_000 }))
      .run(fullStack);
    expect([warned.verdict, ...told(warned).sort()]).toEqual([
      'warn',
      'warn api: answers in 2.0 s',
      'warn pool-1: connections at 85 %',
    ]);
    const failed = await platform()
      .tell(check('api', { failure: 'status 500', status: 500 }))
      .run(fullStack);
    expect([failed.verdict, ...told(failed)]).toEqual(['fail', 'bad api: status 500']);
  });

  it('cannot tell where the doctor finds something, and says what to do about it', async () => {
    const made = platform();
    const trouble = { what: 'list services', on: 'prod', why: 'forbidden', fix: 'kubectl create clusterrole …' };
    made.fleet.sink('prod', 'kubernetes').coverage('service', { state: 'forbidden', trouble });
    const result = await made.run(fullStack);
    expect(result.verdict).toBe('cannot-tell');
    expect(result.findings).toContainEqual({
      target: 'prod: service forbidden',
      about: null,
      health: 'unknown',
      reason: 'list services on prod: forbidden',
      evidence: ['kubectl create clusterrole …'],
    });
  });

  it('cannot tell what colleagues did while the team’s store is away, and fails where a journal was changed', async () => {
    const trouble = { what: 'connect', on: 'db-1', why: 'connection refused', fix: null };
    const down: TeamState = { on: 'db-1', phase: 'down', since: NOW, asOf: null, trouble, sql: [], forks: [] };
    const away = await platform().run(fullStack, {}, { team: () => down });
    expect([away.verdict, ...told(away)]).toEqual(['cannot-tell', 'unknown team store db-1: connection refused']);
    const forked: TeamState = { ...down, phase: 'live', trouble: null, forks: ['that of ops ends elsewhere there'] };
    const torn = await platform().run(fullStack, {}, { team: () => forked });
    expect([torn.verdict, ...told(torn)]).toEqual(['fail', 'bad team store db-1: that of ops ends elsewhere there']);
  });
});
