import { describe, expect, it } from 'vitest';
import { fullStack } from '../../src/checklists/items/full-stack.ts';
import { Random } from '../../src/demo/random.ts';
import type { Claim, Host, Seen } from '../../src/model/entity.ts';
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

const G = 2 ** 30;
const HOUR_MS = 3_600_000;
const DEAD = { ready: false, state: 'CrashLoopBackOff', restarts: 3, exitCode: 1 };

const bare = (source: string, kind: string, name: string) => ({
  ...{ id: `${source}/${kind}/${name}`, name, source, observedAt: 0 },
  ...{ uid: null, version: null, createdAt: null, labels: {} },
});
const claim = (name: string, state: string): Seen<'claim'> => ({
  ...{ ...bare('prod', 'claim', name), kind: 'claim', namespace: 'saasodoo' },
  ...({ state, capacityBytes: G, storageClass: null, volume: null } satisfies Partial<Claim>),
});
const host = (name: string, memoryUsedBytes: number): Seen<'host'> => ({
  ...{ ...bare('host', 'host', name), kind: 'host', cpuMillicores: 4000, cpuUsedMillicores: 10, memoryBytes: 100 * G },
  ...({
    memoryUsedBytes,
    diskBytes: null,
    diskUsedBytes: null,
    load: null,
    softwareVersion: null,
  } satisfies Partial<Host>),
});

/** What may become of a noun of each kind, and what has to be said of it; null: nothing. */
const FATES: Record<string, (name: string) => [health: 'bad' | 'warn' | 'unknown' | null, ...nouns: Seen[]][]> = {
  node: name => [
    [null, node(name, { memoryBytes: 100 * G, memoryUsedBytes: 90 * G - 1 })],
    ['warn', node(name, { memoryBytes: 100 * G, memoryUsedBytes: 90 * G })],
    ['warn', node(name, { memoryBytes: 100 * G, memoryUsedBytes: 97 * G - 1 })],
    ['bad', node(name, { memoryBytes: 100 * G, memoryUsedBytes: 97 * G })],
    ['warn', node(name, { diskBytes: 100 * G, diskUsedBytes: 85 * G })],
    ['bad', node(name, { diskBytes: 100 * G, diskUsedBytes: 95 * G })],
    ['warn', node(name, { pressures: ['PIDPressure'] })],
    ['bad', node(name, { ready: false, state: 'not ready' })],
    ['unknown', node(name, { ready: null, state: 'unknown' })],
    [null, node(name, { ready: false, availability: 'drain' })],
  ],
  workload: name => [
    [null, workload(name), replica(`${name}-1`, name)],
    [null, workload(name, { wanted: 0, ready: 0 })],
    ['warn', workload(name, { wanted: 2, ready: 1, message: 'no room' }), replica(`${name}-1`, name)],
    ['bad', workload(name, { ready: 0 }), replica(`${name}-1`, name, DEAD)],
    ['unknown', workload(name, { ready: null })],
    [null, workload(name, { type: 'Job', finishedAt: NOW, succeeded: 1 })],
    ['warn', workload(name, { type: 'Job', failed: 1 })],
    ['bad', workload(name, { type: 'Job', finishedAt: NOW, message: 'BackoffLimitExceeded' })],
  ],
  pool: name => [
    [null, pool(name, { connections: 79 })],
    ['warn', pool(name, { connections: 80 })],
    ['bad', pool(name, { connections: 95 })],
    ['bad', pool(name, { up: false })],
    ['unknown', pool(name, { up: null })],
    [null, pool(name, { up: false, status: 'maintenance' })],
    ['warn', pool(name, { recorded: 19 })],
  ],
  // Of no pool, or they would be as ill as theirs.
  instance: name => [
    [null, instance(name, { pool: null }), backup(name, NOW - HOUR_MS)],
    [null, instance(name, { pool: null, status: 'stopped' }), backup(name, NOW - 36 * HOUR_MS)],
    [null, instance(name, { pool: null, status: 'terminated' })],
    [null, instance(name, { pool: null, status: 'creating' })],
    ['bad', instance(name, { pool: null, status: 'container_missing' })],
    ['unknown', instance(name, { pool: null, status: null })],
    // The instance is well, its backup is not.
    ['warn', instance(name, { pool: null }), backup(name, NOW - 36 * HOUR_MS - 1)],
    ['bad', instance(name, { pool: null }), backup(name, NOW - 72 * HOUR_MS - 1)],
    ['bad', instance(name, { pool: null }), backup(name, NOW - HOUR_MS, { dataBytes: 0 })],
    ['bad', instance(name, { pool: null })],
  ],
  directory: name => [
    [null, directory(name, { usedBytes: 8 * G - 1 })],
    ['warn', directory(name, { usedBytes: 8 * G })],
    ['bad', directory(name, { usedBytes: 9.5 * G })],
    ['unknown', directory(name, { usedBytes: null })],
    [null, directory(name, { usedBytes: null, quotaBytes: null })],
  ],
  storage: name => [
    [null, storage(name)],
    ['warn', storage(name, { status: 'HEALTH_WARN' })],
    ['bad', storage(name, { mdsActive: 0 })],
    ['warn', storage(name, { totalBytes: 100 * G, usedBytes: 85 * G })],
    ['bad', storage(name, { totalBytes: 100 * G, usedBytes: 95 * G })],
    ['unknown', storage(name, { usedBytes: null })],
  ],
  service: name => [
    [null, service(name)],
    [null, service(name, { endpoints: 0, endpointsReady: 0, selector: { app: 'web' } })],
    ['bad', service(name, { endpoints: 2, endpointsReady: 0 })],
  ],
  claim: name => [
    [null, claim(name, 'Bound')],
    ['warn', claim(name, 'Pending')],
    ['bad', claim(name, 'Lost')],
  ],
  check: name => [
    [null, check(name, { latencyMs: 1000 })],
    ['warn', check(name, { latencyMs: 1001 })],
    ['bad', check(name, { failure: 'status 500', status: 500 })],
    ['unknown', check(name, { status: null })],
  ],
  host: name => [
    [null, host(name, 90 * G - 1)],
    ['warn', host(name, 90 * G)],
    ['bad', host(name, 97 * G)],
  ],
};

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

  it.each([1, 2, 3, 4, 5, 6])('counts what is not well of every kind on a random platform (seed %i)', async seed => {
    const random = new Random(seed);
    const sources = ['kubernetes', 'postgres', 'cephfs', 'http', 'host'] as const;
    const made = new HandMade([...sources], { logs: async () => {} });
    const expected = new Map<string, number>();
    const add = (key: string, by: number, to: Map<string, number>) => to.set(key, (to.get(key) ?? 0) + by);
    for (const [kind, fates] of Object.entries(FATES)) {
      for (let index = random.integer(4, 9); index > 0; index--) {
        const [health, ...nouns] = random.pick(fates(`${kind}-${index}`));
        made.tell(...nouns);
        if (health) add(`${health} ${kind}`, 1, expected);
      }
    }
    const result = await made.run(fullStack);
    const found = new Map<string, number>();
    for (const { target, health } of result.findings) {
      const [, kind = target, more = 0] = /^(\w+)-\d+(?: and (\d+) more)?$/.exec(target) ?? [];
      add(`${health} ${kind}`, 1 + Number(more), found);
    }
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    const healths = [...expected.keys()].map(key => key.split(' ')[0]);
    expect(result.verdict).toBe(
      healths.includes('bad') ? 'fail' : healths.includes('unknown') ? 'cannot-tell' : 'warn',
    );
  });
});
