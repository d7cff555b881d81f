import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStorage } from '../../../src/sources/cephfs/storage.ts';
import { fixtureJson } from './fixture.ts';

const IDENTITY = { source: 'fs', name: 'cephfs', fsid: null };
const read = (state: string, fileSystemId: number | null = null) =>
  readStorage(
    IDENTITY,
    { status: fixtureJson(`${state}/status.json`), health: fixtureJson(`${state}/health-detail.json`), fileSystemId },
    7,
  );

describe('the status of a cluster', () => {
  it('that is healthy', () => {
    expect(read('healthy')).toMatchObject({
      id: 'fs/storage/9117318e-32c3-4c92-b6ac-a2908808c0dc',
      name: 'cephfs',
      observedAt: 7,
      status: 'HEALTH_OK',
      checks: [],
      totalBytes: 4294967296,
      usedBytes: 1028288512,
      availableBytes: 3266678784,
      osds: 2,
      osdsUp: 2,
      osdsIn: 2,
      mdsActive: 1,
      mdsStandby: 0,
      mdsLaggy: 0,
      monitors: 1,
      monitorsInQuorum: 1,
      managerAvailable: true,
      // Left out by Ceph when it is 0.
      readBytesPerSecond: 0,
      writeBytesPerSecond: 34740765,
    });
  });

  it('whose sole metadata server died says so, though Ceph says HEALTH_OK', () => {
    expect(read('mds-killed-laggy')).toMatchObject({ status: 'HEALTH_OK', mdsActive: 0, mdsLaggy: 1 });
  });

  it.each([
    ['mds-stopped', { status: 'HEALTH_ERR', mdsActive: 0, mdsLaggy: 0, mdsStandby: 0 }],
    ['fs-failed', { status: 'HEALTH_ERR', mdsActive: 0, mdsStandby: 1 }],
    ['with-standby', { status: 'HEALTH_OK', mdsActive: 1, mdsStandby: 1 }],
    ['failed-over-no-standby', { status: 'HEALTH_WARN', mdsActive: 1, mdsStandby: 0 }],
    ['osd-down', { status: 'HEALTH_WARN', osds: 2, osdsUp: 1, osdsIn: 2 }],
    ['all-osds-down', { osdsUp: 0 }],
  ])('%s', (state, expected) => expect(read(state)).toMatchObject(expected));

  it('without a manager has no rates, for the last ones are frozen', () => {
    expect(read('mgr-down')).toMatchObject({
      managerAvailable: false,
      readBytesPerSecond: null,
      writeBytesPerSecond: null,
      checks: [{ code: 'MGR_DOWN', severity: 'warn', summary: 'no active mgr', muted: false }],
    });
  });

  it('keeps muted checks apart', () => {
    expect(read('noout-muted')).toMatchObject({ status: 'HEALTH_OK', checks: [{ code: 'OSDMAP_FLAGS', muted: true }] });
  });

  it('names the daemons that a check is about', () => {
    const full = read('full').checks;
    expect(full).toMatchObject([
      { code: 'OSD_FULL', severity: 'bad', summary: '1 full osd(s): osd.0 is full; osd.1 is full' },
      { code: 'POOL_FULL', severity: 'warn' },
    ]);
    const { status } = { status: fixtureJson('full/status.json') };
    expect(readStorage(IDENTITY, { status, fileSystemId: null }, 0).checks[0]?.summary).toBe('1 full osd(s)');
  });

  it('of a file system among several counts its metadata servers only', () => {
    const status = {
      fsmap: {
        by_rank: [
          { filesystem_id: 1, rank: 0, status: 'up:active' },
          { filesystem_id: 2, rank: 0, status: 'up:active(laggy or crashed)' },
          { filesystem_id: 2, rank: 1, status: 'up:active' },
          { filesystem_id: 2, rank: 0, status: 'up:standby-replay' },
        ],
      },
    };
    const count = (fileSystemId: number | null) => readStorage(IDENTITY, { status, fileSystemId }, 0);
    expect(count(1)).toMatchObject({ mdsActive: 1, mdsLaggy: 0 });
    expect(count(2)).toMatchObject({ mdsActive: 1, mdsLaggy: 1 });
    expect(count(null)).toMatchObject({ mdsActive: 2, mdsLaggy: 1 });
  });

  it('of Ceph 14 has its OSDs one level deeper', () => {
    const status = { osdmap: { osdmap: { num_osds: 3, num_up_osds: 2, num_in_osds: 3 } }, monmap: { mons: [{}, {}] } };
    expect(readStorage(IDENTITY, { status, fileSystemId: null }, 0)).toMatchObject({
      osds: 3,
      osdsUp: 2,
      osdsIn: 3,
      monitors: 2,
    });
  });

  it('before the first report of a new manager is unknown, not 0', () => {
    const status = { mgrmap: { available: true }, pgmap: { bytes_total: 0, bytes_used: 0, bytes_avail: 0 } };
    expect(readStorage(IDENTITY, { status, fileSystemId: null }, 0)).toMatchObject({
      totalBytes: null,
      usedBytes: null,
      availableBytes: null,
      readBytesPerSecond: null,
    });
  });

  it('with nothing in it is unknown, not 0', () => {
    const { checks, labels, source, id, name, kind, observedAt, ...rest } = readStorage(
      IDENTITY,
      { status: null, fileSystemId: null },
      0,
    );
    expect({ id, name, checks }).toEqual({ id: 'fs/storage/cephfs', name: 'cephfs', checks: [] });
    expect({ labels, source, kind, observedAt }).toEqual({ labels: {}, source: 'fs', kind: 'storage', observedAt: 0 });
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it('survives any JSON, and any field of another kind', () => {
    const healthy = fixtureJson('full/status.json') as Record<string, unknown>;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(healthy)), fc.jsonValue(), fc.jsonValue(), (key, value, health) => {
        for (const status of [value, { ...healthy, [key]: value }]) {
          const storage = readStorage(IDENTITY, { status, health, fileSystemId: 1 }, 0);
          expect(JSON.stringify(storage)).not.toContain('NaN');
        }
      }),
    );
  });

  it('cannot drive the terminal', () => {
    const message = '\x1b[31m\u202ered';
    const status = { health: { status: message, checks: { [message]: { summary: { message } } } }, fsid: message };
    const storage = readStorage({ source: 'fs', name: null, fsid: null }, { status, fileSystemId: null }, 0);
    expect(JSON.stringify(storage)).not.toMatch(/\\u001b|\u202e/);
  });
});
