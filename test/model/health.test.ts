import { describe, expect, it } from 'vitest';
import type { Backup, Storage } from '../../src/model/entity.ts';
import { judgeBackup, judgeCheck, judgeDirectory, judgePool, judgeStorage } from '../../src/model/health/data.ts';
import { judgeNode } from '../../src/model/health/node.ts';
import { judgeReplica } from '../../src/model/health/replica.ts';
import { judgeTenant } from '../../src/model/health/tenant.ts';
import { bad, reasonOf, warn } from '../../src/model/health/verdict.ts';
import { judgeWorkload } from '../../src/model/health/workload.ts';
import { THRESHOLDS } from '../../src/model/thresholds.ts';
import { check, directory, instance, judged, node, pool, replica, workload } from '../helpers/nouns.ts';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const ofReplica = (change: Parameters<typeof replica>[2], on = node('w1')) =>
  judgeReplica(judged<'replica'>(replica('web-1', 'web', change)), judged<'node'>(on), THRESHOLDS, NOW);
const ofWorkload = (change: Parameters<typeof workload>[1], replicas = [] as ReturnType<typeof judged<'replica'>>[]) =>
  judgeWorkload(judged<'workload'>(workload('web', change)), replicas);

describe('a node', () => {
  it('is bad with the system’s reason when it is not ready', () => {
    const verdict = judgeNode(
      judged<'node'>(node('w3', { ready: false, state: 'not ready', stateReason: 'kubelet stopped' })),
      THRESHOLDS,
    );
    expect(verdict).toEqual({ health: 'bad', reason: 'not ready: kubelet stopped' });
  });

  it('is off, not bad, when it was drained on purpose', () => {
    expect(judgeNode(judged<'node'>(node('w3', { availability: 'drain' })), THRESHOLDS).health).toBe('off');
  });

  it('warns when its memory runs full', () => {
    const verdict = judgeNode(judged<'node'>(node('w2', { memoryBytes: 100, memoryUsedBytes: 93 })), THRESHOLDS);
    expect(verdict).toEqual({ health: 'warn', reason: 'memory at 93 %' });
  });

  it('is unknown when nobody knows its state', () => {
    expect(judgeNode(judged<'node'>(node('w2', { ready: null, state: 'unknown' })), THRESHOLDS).health).toBe('unknown');
  });
});

describe('a replica', () => {
  it('is not believed when its node is down, though it says "running"', () => {
    const lost = node('w3', { ready: false, state: 'down' });
    expect(ofReplica({ ready: true, state: 'running' }, lost)).toMatchObject({
      health: 'bad',
      reason: expect.stringContaining('w3 is down'),
    });
  });

  it('tells a crash loop in the system’s words', () => {
    const verdict = ofReplica({ ready: false, state: 'CrashLoopBackOff', message: 'exit 1' });
    expect(verdict).toEqual({ health: 'bad', reason: 'CrashLoopBackOff: exit 1' });
  });

  it('is busy while it is young, and warns when it starts for too long', () => {
    expect(ofReplica({ ready: false, startedAt: NOW - 5_000 }).health).toBe('busy');
    expect(ofReplica({ ready: false, startedAt: NOW - 10 * MINUTE }).health).toBe('warn');
  });

  it('warns for some time after a restart', () => {
    expect(ofReplica({ restarts: 3, lastRestartAt: NOW - 2 * MINUTE })).toEqual({
      health: 'warn',
      reason: 'restarted 2 min ago, 3 in all',
    });
    expect(ofReplica({ restarts: 3, lastRestartAt: NOW - 60 * MINUTE }).health).toBe('ok');
    expect(ofReplica({ restarts: 1, lastRestartAt: NOW - 3_000 }).reason).toBe(
      'restarted less than a minute ago, 1 in all',
    );
  });
});

describe('a workload', () => {
  it('is off, not bad, with 0 of 0', () => {
    expect(ofWorkload({ wanted: 0, ready: 0 })).toMatchObject({ health: 'off' });
  });

  it('is bad with none ready, warns with some, and says what its worst replica says', () => {
    const crashing = judged<'replica'>(replica('web-1', 'web', { ready: false }), {
      health: 'bad',
      reason: 'CrashLoopBackOff: exit 1',
    });
    expect(ofWorkload({ wanted: 2, ready: 0 }, [crashing])).toEqual({
      health: 'bad',
      reason: 'CrashLoopBackOff: exit 1',
    });
    expect(ofWorkload({ wanted: 2, ready: 1 }, [crashing])).toEqual({
      health: 'warn',
      reason: 'CrashLoopBackOff: exit 1',
    });
  });

  it('is busy during a rollout that goes on', () => {
    const rollout = { state: 'updating', message: null, since: null } as const;
    expect(ofWorkload({ wanted: 3, ready: 3, updated: 1, rollout }).health).toBe('busy');
  });

  it('warns of a release whose new replicas do not come up, though the old ones still serve', () => {
    const rollout = { state: 'updating', message: null, since: null } as const;
    const failing = judged<'replica'>(replica('web-2', 'web'), {
      health: 'bad',
      reason: 'ImagePullBackOff: no such image',
    });
    expect(ofWorkload({ wanted: 2, ready: 2, updated: 1, rollout }, [failing])).toMatchObject({
      health: 'warn',
      reason: expect.stringContaining('ImagePullBackOff'),
    });
  });

  it('is unknown, not bad, while nobody knows how many are ready', () => {
    expect(ofWorkload({ wanted: 3, ready: null }).health).toBe('unknown');
  });

  it('ignores replicas that are on their way out', () => {
    const gone = judged<'replica'>(replica('web-1', 'web', { wanted: 'gone' }), {
      health: 'bad',
      reason: 'old failure',
    });
    expect(ofWorkload({ wanted: 1, ready: 1 }, [gone]).health).toBe('ok');
  });
});

describe('a pool', () => {
  it('says when its three counts differ, and passes over what is not known', () => {
    const drifted = judged<'pool'>(pool('pool-2', { recorded: 46, assigned: 45, present: 47 }));
    expect(judgePool(drifted, THRESHOLDS)).toEqual({
      health: 'warn',
      reason: 'drift: records 46, assigned 45, there 47',
    });
    const named = { ...drifted, missing: ['odoo_acme'], unrecorded: ['a', 'b', 'c'] };
    expect(judgePool(named, THRESHOLDS).reason).toBe(
      'drift: odoo_acme missing, 3 not recorded; records 46, assigned 45, there 47',
    );
    expect(
      judgePool(judged<'pool'>(pool('pool-2', { recorded: 46, assigned: 46, present: null })), THRESHOLDS).health,
    ).toBe('ok');
  });

  it('is judged by our own probe, whatever the platform claims', () => {
    const down = judged<'pool'>(
      pool('pool-1', { up: false, downReason: 'connection refused', claimedHealth: 'healthy' }),
    );
    expect(judgePool(down, THRESHOLDS)).toEqual({ health: 'bad', reason: 'connection refused' });
  });

  it('names the worst of several reasons, and the others after it', () => {
    const full = judged<'pool'>(
      pool('pool-3', { latencyMs: 5_000, connections: 99, recorded: 1, assigned: 2, present: 2 }),
    );
    const verdict = judgePool(full, THRESHOLDS);
    expect(verdict).toEqual({
      health: 'bad',
      reason: 'connections at 99 %',
      others: [warn('drift: records 1, assigned 2, there 2'), warn('answers in 5.0 s')],
    });
    expect(reasonOf(verdict)).toBe('connections at 99 % (+2 more)');
  });
});

describe('a check', () => {
  it('is well when it answers, slow only where that is known, and not known before it was asked', () => {
    const of = (change: Parameters<typeof check>[1]) => judgeCheck(judged<'check'>(check('web', change)), THRESHOLDS);
    expect(of({ latencyMs: 1_000 }).health).toBe('ok');
    expect(of({ latencyMs: 1_001 })).toEqual(warn('answers in 1.0 s'));
    expect(of({ latencyMs: null }).health).toBe('ok');
    expect(of({ status: null, latencyMs: null })).toMatchObject({ health: 'unknown', reason: 'not asked yet' });
    expect(of({ failure: 'status 503' })).toMatchObject({ health: 'bad', reason: 'status 503' });
  });
});

describe('a directory', () => {
  it('warns near its quota and is bad at it; without a quota it is well', () => {
    const at = (percent: number) =>
      judgeDirectory(judged<'directory'>(directory('d', { usedBytes: percent, quotaBytes: 100 })), THRESHOLDS);
    expect([at(50).health, at(85).health, at(98).health, at(124).health]).toEqual(['ok', 'warn', 'bad', 'bad']);
    expect(judgeDirectory(judged<'directory'>(directory('d', { quotaBytes: null })), THRESHOLDS).health).toBe('ok');
  });

  it('is unknown to nobody: without usage there is no alarm, and no claim of 0 %', () => {
    expect(judgeDirectory(judged<'directory'>(directory('d', { usedBytes: null })), THRESHOLDS)).toEqual({
      health: 'ok',
      reason: null,
    });
  });
});

describe('a storage cluster', () => {
  const storage = (change: Partial<Storage>) =>
    ({ status: 'HEALTH_OK', checks: [], mdsLaggy: 0, mdsActive: 1, managerAvailable: true, ...change }) as Storage;

  it('is bad when its metadata server is laggy, though Ceph says HEALTH_OK', () => {
    expect(judgeStorage(storage({ mdsLaggy: 1 })).health).toBe('bad');
  });

  it('adds its sum only where none of its parts has said as much', () => {
    const check = { code: 'OSD_DOWN', severity: 'warn', summary: '1 osds down', muted: false } as const;
    expect(judgeStorage(storage({ status: 'HEALTH_WARN', checks: [check] }))).toEqual(warn('1 osds down'));
    expect(judgeStorage(storage({ status: 'HEALTH_WARN' }))).toEqual(warn('HEALTH_WARN'));
    expect(judgeStorage(storage({ status: 'HEALTH_ERR', checks: [check] }))).toEqual({
      ...bad('HEALTH_ERR'),
      others: [warn('1 osds down')],
    });
  });

  it('does not speak of muted checks', () => {
    const muted = { code: 'OSDMAP_FLAGS', severity: 'warn', summary: 'noout flag(s) set', muted: true } as const;
    expect(judgeStorage(storage({ checks: [muted] })).health).toBe('ok');
  });
});

describe('a backup', () => {
  const taken = { takenAt: NOW - 3_600_000, writtenAt: NOW - 3_000_000 };
  const backup = (change: Partial<Backup>) => ({ ...taken, databaseBytes: 10, dataBytes: 10, ...change }) as Backup;

  it('that is being written right now has not failed yet', () => {
    const lately = { takenAt: NOW - 120_000, writtenAt: NOW - 30_000 };
    expect(judgeBackup(backup({ ...lately, dataBytes: 0 }), true, THRESHOLDS, NOW)).toMatchObject({ health: 'busy' });
    expect(judgeBackup(backup({ ...lately, dataBytes: null }), true, THRESHOLDS, NOW)).toMatchObject({
      health: 'busy',
    });
    const older = { takenAt: NOW - 3_600_000, writtenAt: NOW - 1_000_000 };
    expect(judgeBackup(backup({ ...older, dataBytes: null }), true, THRESHOLDS, NOW)).toMatchObject({ health: 'bad' });
  });

  it('that has an empty data file failed silently, and says so', () => {
    expect(judgeBackup(backup({ dataBytes: 0 }), true, THRESHOLDS, NOW)).toMatchObject({
      health: 'bad',
      reason: expect.stringContaining('0 bytes'),
    });
  });

  it('is history when a newer one is there', () => {
    expect(judgeBackup(backup({ dataBytes: 0 }), false, THRESHOLDS, NOW).health).toBe('off');
  });
});

describe('a tenant', () => {
  it('names all that it stands on and that is not well, worst first', () => {
    const tenant = judged<'instance'>(instance('acme'));
    const verdict = judgeTenant(tenant, {
      workloads: [judged<'workload'>(workload('web'), warn('1 of 2 ready'))],
      pool: judged<'pool'>(pool('pool-1', { up: false }), bad('connection refused')),
      directories: [judged<'directory'>(directory('acme', { usedBytes: 5, quotaBytes: 5 }))],
    });
    expect([verdict, ...(verdict.others ?? [])].map(({ health, reason }) => [health, reason])).toEqual([
      ['bad', 'its pool pool-1: connection refused'],
      ['bad', 'its directory acme is full'],
      ['warn', 'its service web: 1 of 2 ready'],
    ]);
  });
});
