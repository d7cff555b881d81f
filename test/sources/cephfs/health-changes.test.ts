import { describe, expect, it } from 'vitest';
import { healthChanges } from '../../../src/sources/cephfs/health-changes.ts';
import { readStorage } from '../../../src/sources/cephfs/storage.ts';
import { fixtureJson } from './fixture.ts';

const read = (state: string) =>
  readStorage(
    { source: 'fs', name: 'cephfs', fsid: 'f' },
    { status: fixtureJson(`${state}/status.json`), fileSystemId: null },
    0,
  );
const told = (before: string, after: string) =>
  healthChanges(read(before), read(after), 9).map(
    ({ severity, reason, message }) => `${severity} ${reason} ${message}`,
  );

describe('what happened in a cluster', () => {
  it('is nothing when nothing changed', () => expect(told('osd-down', 'osd-down')).toEqual([]));

  it('is a check that appears, and clears', () => {
    expect(told('healthy', 'nearfull')).toEqual([
      'warn HEALTH_WARN health went from HEALTH_OK to HEALTH_WARN',
      'warn OSD_NEARFULL 2 nearfull osd(s)',
      'warn POOL_NEARFULL 3 pool(s) nearfull',
    ]);
    expect(told('nearfull', 'healthy')).toEqual([
      'info HEALTH_OK health went from HEALTH_WARN to HEALTH_OK',
      'info OSD_NEARFULL cleared: was 2 nearfull osd(s)',
      'info POOL_NEARFULL cleared: was 3 pool(s) nearfull',
    ]);
  });

  it('is bad when an error appears', () => {
    expect(told('nearfull', 'full')).toContain('bad OSD_FULL 1 full osd(s)');
  });

  it('is only worth a word when a check is muted', () => {
    expect(told('healthy', 'noout-muted')).toEqual(['info OSDMAP_FLAGS noout flag(s) set (muted)']);
  });

  it('is a metadata server that dies under HEALTH_OK', () => {
    expect(told('healthy', 'mds-killed-laggy')).toEqual(['bad MdsLaggy 1 metadata server no longer reports']);
    expect(told('mds-killed-laggy', 'healthy')).toEqual(['info MdsLaggy all metadata servers report again']);
  });

  it('is about the cluster, and the same thing again has the same key', () => {
    const [first] = healthChanges(read('healthy'), read('nearfull'), 1);
    const [again] = healthChanges(read('healthy'), read('nearfull'), 2);
    expect(first).toMatchObject({ about: 'fs/storage/f', subject: 'storage/cephfs', source: 'fs', at: 1 });
    expect(again?.key).toBe(first?.key);
  });
});
