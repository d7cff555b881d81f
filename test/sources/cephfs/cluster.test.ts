import { afterEach, describe, expect, it, vi } from 'vitest';
import { attributes, Bed, cluster } from './bed.ts';
import { fixturePath } from './fixture.ts';

const WAIT = { timeout: 15_000, interval: 20 };
const directories = { '': attributes(1, 2), odoo: attributes(2, 2), 'odoo/a': attributes(3, 2) };

let bed: Bed;
afterEach(() => bed.stop());

const coverage = () => bed.sink.coverages.get('storage');
const storage = () => bed.sink.all('storage')[0];

describe('the cluster', () => {
  it('is told with its name and identity', async () => {
    bed = new Bed({ directories, ceph: cluster('healthy') });
    await vi.waitFor(() => expect(coverage()).toEqual({ state: 'complete' }), WAIT);
    expect(storage()).toMatchObject({
      id: 'fs/storage/9117318e-32c3-4c92-b6ac-a2908808c0dc',
      name: 'cephfs',
      uid: '9117318e-32c3-4c92-b6ac-a2908808c0dc',
      mdsActive: 1,
    });
    expect(bed.sink.target).toBe('/mnt/cephfs · cephfs (9117318e)');
  });

  it('that is well costs one question, and the map of file systems is asked for when it changes', async () => {
    bed = new Bed({ directories, ceph: cluster('healthy') });
    await vi.waitFor(() => expect(bed.sink.listsEnded.get('storage')).toBeGreaterThanOrEqual(3), WAIT);
    expect(bed.started('ceph --connect-timeout 5 mds stat -f json')).toHaveLength(1);
    expect(bed.started('ceph --connect-timeout 5 health detail')).toEqual([]);
    // fsmap epoch 11 -> 6.
    bed.change({ ceph: cluster('mds-stopped') });
    await vi.waitFor(() => expect(bed.started('ceph --connect-timeout 5 mds stat -f json')).toHaveLength(2), WAIT);
  });

  it('tells what changes in its health', async () => {
    bed = new Bed({ directories, ceph: cluster('healthy') });
    await vi.waitFor(() => expect(coverage()).toEqual({ state: 'complete' }), WAIT);
    expect(bed.sink.events).toEqual([]);
    const nearfull = cluster('nearfull');
    const status = JSON.stringify({
      ...((await import('./fixture.ts')).fixtureJson('nearfull/status.json') as object),
      fsid: '9117318e-32c3-4c92-b6ac-a2908808c0dc',
    });
    bed.change({ ceph: { ...nearfull, status: { text: `\n${status}` } } });
    await vi.waitFor(() => {
      const told = bed.sink.events.map(({ reason, severity }) => `${severity} ${reason}`);
      expect(told).toEqual(['warn HEALTH_WARN', 'warn OSD_NEARFULL', 'warn POOL_NEARFULL']);
    }, WAIT);
    expect(storage()?.checks[0]?.summary).toBe('2 nearfull osd(s): osd.0 is near full; osd.1 is near full');
  });

  it('without a manager answers still: nothing is asked that only a manager knows', async () => {
    bed = new Bed({ directories, ceph: { ...cluster('mgr-down'), 'fs status': 'hang' } });
    await vi.waitFor(() => expect(storage()).toMatchObject({ managerAvailable: false, status: 'HEALTH_WARN' }), WAIT);
    expect(storage()).toMatchObject({ readBytesPerSecond: null, writeBytesPerSecond: null });
    expect(bed.started('ceph --connect-timeout 5 fs status')).toEqual([]);
  });

  it('is shown as its tools tell it, each for itself', async () => {
    bed = new Bed({
      directories,
      ceph: { ...cluster('healthy'), 'fs status': { code: 13, stderr: 'Error EACCES: access denied\n' } },
    });
    await vi.waitFor(() => expect(coverage()).toEqual({ state: 'complete' }), WAIT);
    const raw = await bed.source.raw?.('storage', storage()?.id ?? '', AbortSignal.timeout(15_000));
    expect(raw).toMatchObject({
      status: { fsid: '9117318e-32c3-4c92-b6ac-a2908808c0dc' },
      'df detail': { stats: {} },
      'fs status': { error: expect.stringContaining('access denied') },
    });
  });

  it('has the file system that the profile names, or says that it has not', async () => {
    const two = { ...cluster('healthy'), 'mds stat': { file: fixturePath('with-standby/mds-stat.json') } };
    bed = new Bed({ directories, ceph: two }, { fileSystem: 'other' });
    await vi.waitFor(() => expect(coverage()).toMatchObject({ state: 'failed' }), WAIT);
    expect(coverage()).toMatchObject({
      trouble: {
        what: 'find the file system other',
        why: 'the cluster has no such file system; there is cephfs: correct fileSystem in the profile',
      },
    });
  });
});

describe('a cluster that cannot be asked', () => {
  it.each([
    ['sh: 1: ceph: not found\n', 127, 'absent', /not found/, /package ceph-common/],
    [
      "Error initializing cluster client: ObjectNotFound('RADOS object not found (error calling conf_read_file)')\n",
      1,
      'absent',
      /no ceph.conf was found/,
      /ceph: false/,
    ],
    [
      '2026-11-23T09:40:40.195+0000 7fe0e3fff6c0 -1 monclient(hunting): handle_auth_bad_method server allowed_methods [2]\n\n[errno 13] RADOS permission denied (error connecting to the cluster)\n',
      13,
      'forbidden',
      /^\[errno 13\] RADOS permission denied/,
      /mon 'allow r' mgr 'allow r'/,
    ],
    ['timed out\n', 1, 'failed', /no monitor answered/, /monitors/],
    ['', 1, 'failed', /without a word/, null],
  ])('is told in words, and the directories do not suffer: %s', async (stderr, code, state, why, fix) => {
    bed = new Bed({ directories, ceph: { status: { code, stderr } } });
    await vi.waitFor(() => expect(coverage()).toMatchObject({ state }), WAIT);
    expect(coverage()).toMatchObject({
      trouble: { why: expect.stringMatching(why), fix: fix === null ? null : expect.stringMatching(fix) },
    });
    await vi.waitFor(() => expect(bed.sink.all('directory')).toHaveLength(1), WAIT);
    expect(bed.sink).toMatchObject({ phase: 'live', events: [] });
    expect(bed.sink.all('storage')).toEqual([]);
  });

  it('that answers garbage is told so', async () => {
    bed = new Bed({ directories, ceph: { status: { text: '<html>' } } });
    await vi.waitFor(() => expect(coverage()).toMatchObject({ state: 'failed' }), WAIT);
    expect(coverage()).toMatchObject({ trouble: { why: 'its answer is not JSON: <html>' } });
  });

  it('any more is unknown, not well, and the loss and the return are events', async () => {
    bed = new Bed({ directories, ceph: cluster('healthy') });
    await vi.waitFor(() => expect(coverage()).toEqual({ state: 'complete' }), WAIT);
    bed.change({ ceph: { status: { code: 1, stderr: 'timed out\n' } } });
    await vi.waitFor(() => expect(coverage()).toMatchObject({ state: 'failed' }), WAIT);
    expect(storage()).toMatchObject({ status: null, mdsActive: null, writeBytesPerSecond: null, osds: 2 });
    bed.change({ ceph: cluster('healthy') });
    await vi.waitFor(() => expect(coverage()).toEqual({ state: 'complete' }), WAIT);
    expect(bed.sink.events.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'bad does not answer: no monitor answered (timed out)',
      'info answers again',
    ]);
    expect(storage()).toMatchObject({ status: 'HEALTH_OK' });
  });

  it('hangs alone: one question, and the directories go on', async () => {
    bed = new Bed({ directories, ceph: { status: 'hang' } });
    await vi.waitFor(() => expect(bed.sink.listsEnded.get('directory')).toBeGreaterThanOrEqual(3), WAIT);
    expect(bed.started('ceph')).toHaveLength(1);
    expect(coverage()).toEqual({ state: 'asking' });
  });

  it('on purpose says so', () => {
    bed = new Bed({ directories }, { ceph: false });
    expect(coverage()).toMatchObject({ state: 'absent', trouble: { why: 'switched off by ceph: false' } });
  });
});
