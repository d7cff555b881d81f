import { afterEach, describe, expect, it, vi } from 'vitest';
import { attributes, Bed, cluster, type FakeState, quota } from './bed.ts';

const WAIT = { timeout: 15_000, interval: 20 };
const MiB = 2 ** 20;

const tree = (): FakeState['directories'] => ({
  '': attributes(1, 40 * MiB),
  odoo: attributes(2, 40 * MiB),
  'odoo/data_acme_1a2b': attributes(11, 9 * MiB, quota(10 * MiB)),
  'odoo/data_globex': attributes(12, 12 * MiB, quota(10 * MiB, 100)),
  'odoo/data_none': attributes(13, 5 * MiB),
  "odoo/it's a \\ \u001b[31m\nthing": attributes(14, 7, { 'ceph.dir.rctime': '0.000000000' }),
  pools: attributes(3, 1),
  'pools/pool-1': attributes(31, 3 * MiB),
});

let bed: Bed;
afterEach(async () => {
  await bed.stop();
  vi.restoreAllMocks();
});

/** What a command put before getfattr is that says this and fails. */
const says = (words: string) => ['sh', '-c', 'echo "$0" >&2; exit 1', words];
const coverage = (kind: 'directory' | 'storage' | 'backup') => bed.sink.coverages.get(kind);

describe('the directories', () => {
  it('are told with usage and quotas', async () => {
    bed = new Bed(
      { directories: tree(), ceph: cluster('healthy') },
      { directories: ['odoo/*', 'pools/pool-1', 'absent'] },
    );
    await vi.waitFor(() => expect(coverage('directory')).toEqual({ state: 'complete' }), WAIT);
    expect(bed.sink).toMatchObject({ phase: 'live', trouble: null });
    expect(bed.sink.get('directory', 'fs/dir/odoo/data_acme_1a2b')).toMatchObject({
      name: 'data_acme_1a2b',
      path: '/mnt/cephfs/odoo/data_acme_1a2b',
      uid: '11',
      usedBytes: 9 * MiB,
      quotaBytes: 10 * MiB,
      // A quota of 0 is no limit.
      quotaFiles: null,
      files: 3,
      entries: 5,
      changedAt: 1795426864196,
    });
    // Over its quota is a normal state.
    expect(bed.sink.named('directory', 'data_globex')).toMatchObject({ usedBytes: 12 * MiB, quotaFiles: 100 });
    expect(bed.sink.named('directory', 'data_none')).toMatchObject({ quotaBytes: null, quotaFiles: null });
    expect(bed.sink.named('directory', 'pools/pool-1')).toMatchObject({ usedBytes: 3 * MiB });
    expect(bed.sink.named('directory', "it's a \\ ␛[31m␊thing")).toMatchObject({ usedBytes: 7, changedAt: null });
    expect(bed.sink.all('directory')).toHaveLength(5);
    expect(bed.sink.lines).toEqual([expect.stringContaining('absent')]);
    expect(bed.sink.events).toMatchObject([
      { severity: 'bad', subject: 'dir/data_globex', message: 'at 120 % of its quota, writes are refused: 12M of 10M' },
    ]);
  });

  it('cost one process for each attribute, six at once at most, and quotas are asked for less often', async () => {
    bed = new Bed({ directories: tree(), ceph: cluster('healthy') });
    await vi.waitFor(() => expect(bed.sink.listsEnded.get('directory')).toBeGreaterThanOrEqual(3), WAIT);
    const cycles = bed.sink.listsEnded.get('directory') ?? 0;
    expect(bed.started('getfattr --absolute-names -n ceph.dir.rfiles').length).toBeLessThanOrEqual(cycles + 1);
    expect(bed.started('getfattr --absolute-names -n ceph.quota.max_bytes')).toHaveLength(1);
    expect(bed.started('find').length).toBeLessThanOrEqual(cycles + 1);
    expect(bed.mostAtOnce()).toBeLessThanOrEqual(6);
    expect(bed.source.requests).toBeGreaterThanOrEqual(bed.started().length);
  });

  it('that go are removed, and new ones come with their quota', async () => {
    bed = new Bed({ directories: tree(), ceph: cluster('healthy') });
    await vi.waitFor(() => expect(bed.sink.all('directory')).toHaveLength(4), WAIT);
    const { 'odoo/data_acme_1a2b': _, ...rest } = tree();
    bed.change({ directories: { ...rest, 'odoo/new': attributes(99, 1, quota(5)) } });
    await vi.waitFor(() => {
      expect(bed.sink.named('directory', 'new')).toMatchObject({ quotaBytes: 5 });
      expect(bed.sink.named('directory', 'data_acme_1a2b')).toBeUndefined();
    }, WAIT);
  });

  it('that cannot be read have no numbers, and hold up no others', async () => {
    const directories = { ...tree(), 'odoo/locked': { inode: 15, fails: 'Permission denied' } };
    bed = new Bed({ directories, ceph: cluster('healthy') });
    await vi.waitFor(() => expect(bed.sink.named('directory', 'locked')).toBeDefined(), WAIT);
    expect(bed.sink.named('directory', 'locked')).toMatchObject({ usedBytes: null, quotaBytes: null, entries: null });
    expect(bed.sink.named('directory', 'data_none')).toMatchObject({ usedBytes: 5 * MiB });
    expect(bed.sink.lines.join()).toContain('/mnt/cephfs/odoo/locked: Permission denied');
  });

  it('that may not be listed are told, beside those that may', async () => {
    const directories = { ...tree(), pools: { ...attributes(3, 1), listFails: 'Permission denied' } };
    bed = new Bed({ directories, ceph: cluster('healthy') }, { directories: ['odoo/*', 'pools/*'] });
    await vi.waitFor(() => expect(coverage('directory')).toMatchObject({ state: 'forbidden' }), WAIT);
    expect(coverage('directory')).toMatchObject({ trouble: { on: '/mnt/cephfs/pools', why: 'Permission denied' } });
    expect(bed.sink.all('directory')).toHaveLength(4);
    expect(bed.sink.listsEnded.get('directory')).toBeUndefined();
  });

  it('that may not be listed any more are kept with their way', async () => {
    bed = new Bed({ directories: tree(), ceph: cluster('healthy') }, { directories: ['odoo/*', 'pools/*'] });
    await vi.waitFor(() => expect(coverage('directory')).toEqual({ state: 'complete' }), WAIT);
    const way = () => bed.source.pathOf?.('directory', 'fs/dir/pools/pool-1');
    expect(way()).toBe('/directories/pools%2Fpool-1');
    const pools = { ...attributes(3, 1), listFails: 'Permission denied' };
    bed.change({ directories: { ...tree(), pools } });
    await vi.waitFor(() => expect(coverage('directory')).toMatchObject({ state: 'forbidden' }), WAIT);
    expect(bed.sink.get('directory', 'fs/dir/pools/pool-1')).toBeDefined();
    expect(way()).toBe('/directories/pools%2Fpool-1');
  });

  it('that say EDQUOT are an event', async () => {
    const directories = { ...tree(), 'odoo/full': { inode: 15, fails: 'Disk quota exceeded' } };
    bed = new Bed({ directories, ceph: cluster('healthy') });
    await vi.waitFor(() => {
      const event = bed.sink.events.find(each => each.subject === 'dir/full');
      expect(event).toMatchObject({ severity: 'bad', reason: 'Quota', about: 'fs/dir/odoo/full' });
    }, WAIT);
  });

  it('tell when a quota is passed', async () => {
    bed = new Bed({ directories: tree(), ceph: cluster('healthy') });
    await vi.waitFor(() => expect(coverage('directory')).toEqual({ state: 'complete' }), WAIT);
    bed.change({ directories: { ...tree(), 'odoo/data_acme_1a2b': attributes(11, 10 * MiB, quota(10 * MiB)) } });
    await vi.waitFor(() => {
      const event = bed.sink.events.find(each => each.subject === 'dir/data_acme_1a2b');
      expect(event).toMatchObject({
        severity: 'bad',
        message: 'at 100 % of its quota, writes are refused: 10M of 10M',
      });
    }, WAIT);
  });

  it('are shown as the system has them', async () => {
    bed = new Bed({ directories: tree(), ceph: cluster('healthy') });
    await vi.waitFor(() => expect(coverage('directory')).toEqual({ state: 'complete' }), WAIT);
    const raw = await bed.source.raw?.('directory', 'fs/dir/odoo/data_globex', AbortSignal.timeout(10_000));
    expect(raw).toEqual({
      path: '/mnt/cephfs/odoo/data_globex',
      inode: '12',
      attributes: {
        'ceph.dir.rbytes': '12582912',
        'ceph.dir.rfiles': '3',
        'ceph.dir.rentries': '5',
        'ceph.dir.rctime': '1795426864.196015300',
        'ceph.quota.max_bytes': '10485760',
        'ceph.quota.max_files': '100',
      },
    });
  });
});

describe('the backups', () => {
  const name = (database: string, part: string) => ({ name: `${database}_20261123_020000_${part}`, size: 5, time: 1 });
  const options = {
    backups: {
      directory: 'backups/active',
      pattern: '^(?<database>.+)_(?<taken>\\d{8}_\\d{6})_(?<part>database|data)\\.',
    },
  };

  it('are listed, an empty file as 0 and a missing one as unknown', async () => {
    const files = [name('a', 'database.sql'), { ...name('a', 'data.tar.gz'), size: 0 }, name('b', 'database.sql')];
    bed = new Bed({ directories: tree(), files: { '/mnt/cephfs/backups/active': files } }, options);
    await vi.waitFor(() => expect(coverage('backup')).toEqual({ state: 'complete' }), WAIT);
    expect(bed.sink.named('backup', 'a_20261123_020000')).toMatchObject({ databaseBytes: 5, dataBytes: 0 });
    expect(bed.sink.named('backup', 'b_20261123_020000')).toMatchObject({ databaseBytes: 5, dataBytes: null });
    const raw = await bed.source.raw?.('backup', 'fs/backup/b_20261123_020000', AbortSignal.timeout(1_000));
    expect(raw).toEqual([{ name: 'b_20261123_020000_database.sql', sizeBytes: 5, modifiedAt: 1123 }]);
  });

  it('without their folder are absent, not none', async () => {
    bed = new Bed({ directories: tree() }, options);
    await vi.waitFor(() => expect(coverage('backup')).toMatchObject({ state: 'absent' }), WAIT);
    expect(bed.sink.phase).toBe('live');
  });

  it('that nobody set up say so', () => {
    bed = new Bed({ directories: tree() });
    expect(coverage('backup')).toMatchObject({ state: 'absent', trouble: { fix: 'add backups to this source' } });
  });
});

describe('a mount that refuses', () => {
  it.each([
    ['Operation not supported', 'refused', 'absent', /not a CephFS/, /mounted/],
    ['Permission denied', 'refused', 'forbidden', /Permission denied/, /sudo/],
    ['Transport endpoint is not connected', 'stale', 'failed', /lost its ceph-fuse/, /mount it again/],
    ['Cannot send after transport endpoint shutdown', 'stale', 'failed', /evicted/, /mount it again/],
    ['Input/output error', 'stale', 'failed', /Input\/output error/, null],
  ])('with "%s" is %s', async (words, phase, state, why, fix) => {
    bed = new Bed({ directories: tree(), getfattr: words, ceph: cluster('healthy') });
    await vi.waitFor(() => expect(bed.sink.phase).toBe(phase), WAIT);
    expect(bed.sink.trouble).toMatchObject({
      on: '/mnt/cephfs',
      why: expect.stringMatching(why),
      fix: fix === null ? null : expect.stringMatching(fix),
    });
    expect(coverage('directory')).toMatchObject({ state });
    expect(bed.started('find')).toEqual([]);
    expect(bed.sink.lines).toHaveLength(1);
  });

  it('without getfattr says what to install', async () => {
    bed = new Bed({ directories: tree() }, { reader: { command: ['env', 'PATH=/nowhere'] } });
    await vi.waitFor(() => expect(bed.sink.phase).toBe('refused'), WAIT);
    expect(bed.sink.trouble).toMatchObject({ fix: 'install getfattr there (package attr)' });
    expect(coverage('directory')).toMatchObject({ state: 'absent' });
  });

  it.each([
    ['that is not there', ['no-such-sudo'], 'absent', 'command not found', /^install getfattr there/],
    ['that may not be run', ['/'], 'failed', 'not allowed to read it', null],
    ['that does not find it', says('sudo: getfattr: command not found'), 'absent', null, /^install getfattr there/],
    ['that wants a password', says('sudo: a password is required'), 'forbidden', null, /^let sudo run this without/],
    ['that says nothing', ['false'], 'failed', 'ended with 1 and without a word', null],
  ])('by a command put before getfattr %s says so', async (_, command, state, why, fix) => {
    bed = new Bed({ directories: tree() }, { reader: { command } });
    await vi.waitFor(() => expect(coverage('directory')?.state).toBe(state), WAIT);
    expect(bed.sink.trouble).toEqual({
      what: 'read ceph.dir.rbytes',
      on: '/mnt/cephfs',
      why: why ?? command.at(-1),
      fix: fix === null ? null : expect.stringMatching(fix),
    });
  });

  it('without ceph says what to install or to write', async () => {
    bed = new Bed({ directories: tree() }, { reader: undefined, ceph: { command: ['no-such-ceph'] } });
    await vi.waitFor(() => expect(coverage('storage')?.state).toBe('absent'), WAIT);
    expect(coverage('storage')).toMatchObject({
      trouble: {
        what: 'ask ceph status',
        why: 'command not found',
        fix: expect.stringMatching(/ceph-common.*ceph: false/),
      },
    });
  });
});

describe('a mount that hangs', () => {
  const hurry = { probeDeadlineMs: 1_500 };

  it('is stale, says for how long, piles up no processes, and comes back by itself', async () => {
    bed = new Bed({ directories: tree(), ceph: cluster('mds-killed-laggy') }, {}, hurry);
    await vi.waitFor(() => expect(coverage('directory')).toEqual({ state: 'complete' }), WAIT);
    bed.change({ getfattr: 'hang', find: 'hang' });
    await vi.waitFor(() => expect(bed.sink.phase).toBe('stale'), WAIT);
    expect(bed.sink.trouble?.why).toMatch(/^the metadata server does not answer for \d+ s$/);
    expect(coverage('directory')).toMatchObject({ state: 'failed' });
    expect(bed.sink.all('directory')).toHaveLength(4);
    await vi.waitFor(() => expect(bed.sink.trouble?.why).toMatch(/for ([3-9]|\d\d) s$/), WAIT);
    expect(bed.alive().length).toBeLessThanOrEqual(6);
    // The cluster is asked all the same, and has the reason.
    expect(bed.sink.all('storage')).toMatchObject([{ status: 'HEALTH_OK', mdsLaggy: 1 }]);
    await expect(bed.source.raw?.('directory', 'fs/dir/odoo/data_none', AbortSignal.timeout(10_000))).rejects.toThrow(
      'metadata server',
    );

    const lists = bed.sink.listsEnded.get('directory') ?? 0;
    bed.change({ getfattr: undefined, find: undefined });
    await vi.waitFor(() => {
      expect(bed.sink).toMatchObject({ phase: 'live', trouble: null });
      expect(coverage('directory')).toEqual({ state: 'complete' });
      expect(bed.sink.listsEnded.get('directory')).toBeGreaterThan(lists);
    }, WAIT);
  });

  it('that cannot even be killed gets one probe, whatever the time', async () => {
    bed = new Bed({ directories: tree(), getfattr: 'hang', find: 'hang', ceph: cluster('healthy') }, {}, hurry);
    const kill = process.kill.bind(process);
    vi.spyOn(process, 'kill').mockImplementation((pid, signal) => (signal === 'SIGKILL' ? true : kill(pid, signal)));
    await vi.waitFor(() => expect(bed.sink.phase).toBe('stale'), WAIT);
    const told = bed.sink.states.length;
    await vi.waitFor(() => expect(bed.sink.states.length).toBeGreaterThan(told + 10), WAIT);
    expect(bed.started('getfattr')).toHaveLength(1);
    expect(bed.started('find')).toHaveLength(0);
    const [pid = 0] = bed.alive();
    bed.change({ getfattr: undefined, find: undefined });
    vi.restoreAllMocks();
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(bed.sink.phase).toBe('live'), WAIT);
  });

  it('in one place only is live, but the readings that hang are told and not repeated', async () => {
    const spoilt = { getfattr: 'hang', only: 'ceph.dir.rfiles' };
    bed = new Bed({ directories: tree(), ...spoilt, ceph: cluster('healthy') }, {}, { readDeadlineMs: 1_500 });
    await vi.waitFor(() => expect(coverage('directory')).toMatchObject({ state: 'failed' }), WAIT);
    expect(bed.sink.phase).toBe('live');
    expect(coverage('directory')).toMatchObject({
      trouble: { why: expect.stringMatching(/^a reading hangs for \d+ s/) },
    });
    expect(bed.sink.all('directory')).toEqual([]);
    expect(bed.alive().length).toBeLessThanOrEqual(6);
    bed.change({ getfattr: undefined });
    await vi.waitFor(() => expect(coverage('directory')).toEqual({ state: 'complete' }), WAIT);
  });

  it('does not hold up the end of the source, nor outlive it', async () => {
    bed = new Bed({ directories: tree(), getfattr: 'hang' });
    await vi.waitFor(() => expect(bed.started('getfattr')).toHaveLength(1), WAIT);
    const { length } = bed.sink.states;
    await bed.source.stop();
    await vi.waitFor(() => expect(bed.alive()).toEqual([]), WAIT);
    expect(bed.sink.states).toHaveLength(length);
  });
});
