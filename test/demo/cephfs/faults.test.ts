import { describe, expect, it } from 'vitest';
import { ceph } from '../../../src/demo/cephfs/ceph.ts';
import { allWell, type Daemons } from '../../../src/demo/cephfs/daemons.ts';
import { backupEmpty, osdFilled, quotaReached } from '../../../src/demo/cephfs/faults.ts';
import { find } from '../../../src/demo/cephfs/find.ts';
import { getfattr } from '../../../src/demo/cephfs/getfattr.ts';
import { Tree } from '../../../src/demo/cephfs/tree.ts';
import { Storage } from '../../../src/demo/controller/storage.ts';
import { lastNight, shapeOf } from '../../../src/demo/shape.ts';
import { Timeline } from '../../../src/demo/timeline.ts';
import { START } from './bed.ts';

function bed({ calm = true, still = true } = {}) {
  const shape = shapeOf({ calm });
  const timeline = new Timeline(START);
  const storage = new Storage(shape, timeline, { still, backupsFrom: lastNight(START) });
  const tree = new Tree(storage);
  const daemons: Daemons = allWell();
  const ask = (...words: string[]) => {
    const view = { storage, daemons, tree, seed: 1, still, startedAt: START, now: timeline.now };
    return ceph(['--connect-timeout', '5', ...words, '-f', 'json'], view);
  };
  const json = (...words: string[]) => {
    const answer = ask(...words);
    if (answer === 'hangs' || 'afterSeconds' in answer) throw new Error('no answer');
    return JSON.parse(answer.stdout);
  };
  const attribute = (name: string, path: string) => {
    const { stdout } = getfattr(['--absolute-names', '-n', name, '--', path], tree);
    return /="(.*)"/.exec(stdout)?.[1] ?? null;
  };
  const messages = () => {
    const { status, checks } = json('health', 'detail') as {
      status: string;
      checks: Record<string, { summary: { message: string }; detail: { message: string }[] }>;
    };
    const said = Object.entries(checks).map(([code, { summary, detail }]) => [
      code,
      summary.message,
      detail[0]?.message,
    ]);
    return [status, ...said];
  };
  return { shape, timeline, storage, tree, daemons, ask, json, attribute, messages };
}

describe('the embedded cluster', () => {
  it('is well when nothing is wrong', () => {
    expect(bed().messages()).toEqual(['HEALTH_OK']);
  });

  it('begins with a full OSD where the shape has one', () => {
    expect(bed({ calm: false }).messages()).toEqual([
      'HEALTH_WARN',
      ['OSD_NEARFULL', '1 nearfull osd(s)', 'osd.2 is near full'],
      ['POOL_NEARFULL', '3 pool(s) nearfull', "pool 'saasodoo_fs_metadata' is nearfull"],
    ]);
  });

  it('tells an OSD that fills by degrees', () => {
    const { storage, messages, json } = bed();
    osdFilled(storage, 1, 0.91);
    expect(messages().map(([code]) => code)).toEqual(['H', 'OSD_BACKFILLFULL', 'POOL_BACKFILLFULL']);
    osdFilled(storage, 0, 0.96);
    expect(messages()).toEqual([
      'HEALTH_ERR',
      ['OSD_BACKFILLFULL', '1 backfillfull osd(s)', 'osd.1 is backfill full'],
      ['OSD_FULL', '1 full osd(s)', 'osd.0 is full'],
      ['POOL_FULL', '3 pool(s) full', "pool 'saasodoo_fs_metadata' is full (no space)"],
    ]);
    expect(json('df').pools[1].stats).toMatchObject({ max_avail: 0, percent_used: 1 });
    expect(osdFilled(storage, 7)).toBe(false);
  });

  it('tells a lost OSD', () => {
    const { daemons, messages, json } = bed();
    daemons.osdsDown.add(1);
    expect(messages()).toEqual([
      'HEALTH_WARN',
      ['OSD_DOWN', '1 osds down', 'osd.1 (root=default,host=vps-2) is down'],
      ['OSD_HOST_DOWN', '1 host (1 osds) down', 'host vps-2 (root=default) (1 osds) is down'],
      [
        'PG_DEGRADED',
        expect.stringMatching(/^Degraded data redundancy: \d+\/\d+ objects degraded \(33\.333%\), 75 pgs degraded$/),
        'pg 2.0 is active+undersized+degraded',
      ],
    ]);
    expect(json('osd', 'stat')).toMatchObject({ num_osds: 3, num_up_osds: 2, num_in_osds: 3 });
    expect(json('osd', 'tree').nodes.filter(({ status }: { status?: string }) => status === 'down')).toHaveLength(1);
  });

  it('has frozen numbers without a manager, and hangs where the manager is asked', () => {
    const { daemons, json, ask, timeline, messages } = bed({ still: false });
    const before = json('status').pgmap.write_bytes_sec;
    daemons.managerGoneSince = timeline.now;
    timeline.runUntil(START + 60_000);
    expect(json('status').mgrmap).toMatchObject({ available: false, num_standbys: 0 });
    expect(json('status').pgmap.write_bytes_sec).toBe(before);
    expect(ask('fs', 'status')).toBe('hangs');
    expect(messages()).toContainEqual(['MGR_DOWN', 'no active mgr', undefined]);
    daemons.managerGoneSince = null;
    expect(json('status').pgmap.write_bytes_sec).not.toBe(before);
  });

  it('gives up after its own time without monitors', () => {
    const { daemons, ask } = bed();
    daemons.monitorsGone = true;
    expect(ask('status')).toEqual({ afterSeconds: 5, answer: { code: 1, stdout: '', stderr: 'timed out\n' } });
  });

  it('tells a dead metadata server by one word only', () => {
    const { storage, json } = bed();
    storage.mdsGone = true;
    expect(json('status').fsmap).toMatchObject({
      up: 1,
      by_rank: [{ status: 'up:active(laggy or crashed)' }],
      'up:standby': 0,
    });
    expect(json('fs', 'status').mdsmap).toMatchObject([{ state: 'active(laggy)', rate: '0' }]);
    expect(json('health').checks).not.toHaveProperty('MDS_ALL_DOWN');
  });
});

describe('the embedded file system', () => {
  it('is full at its quota, of which the cluster says nothing', () => {
    const { storage, shape, attribute, messages } = bed();
    const path = shape.instances[4]?.directory ?? '';
    expect(quotaReached(storage, path)).toBe(true);
    expect(attribute('ceph.dir.rbytes', path)).toBe(attribute('ceph.quota.max_bytes', path));
    expect(messages()).toEqual(['HEALTH_OK']);
    expect(quotaReached(storage, '/mnt/cephfs/redis_data')).toBe(false);
  });

  it('holds below what stands in it, at every level', () => {
    const { shape, attribute } = bed();
    const sum = shape.instances.reduce((total, { usedBytes }) => total + usedBytes, 0);
    expect(Number(attribute('ceph.dir.rbytes', '/mnt/cephfs/odoo_instances'))).toBe(sum);
    expect(Number(attribute('ceph.dir.rbytes', '/mnt/cephfs'))).toBeGreaterThan(sum);
  });

  it('grows with the clock, and what is above grows with it', () => {
    const { timeline, shape, attribute } = bed({ still: false });
    const paths = [shape.instances[1]?.directory ?? '', '/mnt/cephfs/odoo_instances', '/mnt/cephfs'];
    const sizes = () => paths.map(path => Number(attribute('ceph.dir.rbytes', path)));
    const before = sizes();
    timeline.runUntil(START + 3_600_000);
    const grown = sizes().map((size, index) => size - (before[index] ?? 0));
    expect(grown[0]).toBeGreaterThan(0);
    expect(grown[1]).toBeGreaterThan(grown[0] ?? 0);
    expect(grown[2]).toBeGreaterThan(grown[1] ?? 0);
    expect(attribute('ceph.dir.rctime', '/mnt/cephfs')).toBe(`${(START + 3_600_000) / 1000}.000000000`);
  });

  it('does not change at all when it is still', () => {
    const { timeline, tree, shape } = bed();
    const paths = shape.directories.map(({ path }) => path);
    const read = () => [
      getfattr(['--absolute-names', '-n', 'ceph.dir.rbytes', '--', ...paths], tree),
      getfattr(['--absolute-names', '-n', 'ceph.dir.rctime', '--', ...paths], tree),
    ];
    const before = read();
    timeline.runUntil(START + 3_600_000);
    expect(read()).toEqual(before);
  });

  it('is the same for the same seed, and another for another', () => {
    const list = ['/mnt/cephfs/odoo_instances', '-maxdepth', '1', '-printf', '%i %s %T@ %p\\0'];
    expect(find(list, bed().tree)).toEqual(find(list, bed().tree));
    const timeline = new Timeline(START);
    const other = new Storage(shapeOf({ seed: 2 }), timeline, { backupsFrom: lastNight(START) });
    expect(find(list, new Tree(other)).stdout).not.toBe(find(list, bed().tree).stdout);
  });

  it('lists the files of each backup, one of which turns out empty', () => {
    const { storage, tree } = bed();
    const files = () =>
      find(['/mnt/cephfs/odoo_backups/active', '-mindepth', '1', '-type', 'f', '-printf', '%s %f\\n'], tree)
        .stdout.split('\n')
        .filter(line => line.includes('hooli'));
    expect(files()).toEqual([
      expect.stringMatching(/^[1-9]\d* hooli_20261123_02\d{4}_database\.sql$/),
      expect.stringMatching(/^[1-9]\d* hooli_20261123_02\d{4}_data\.tar\.gz$/),
      expect.stringMatching(/^612 hooli_20261123_02\d{4}_metadata\.json$/),
    ]);
    expect(backupEmpty(storage, 'hooli')).toBe(true);
    expect(files()[1]).toMatch(/^0 hooli_/);
    expect(backupEmpty(storage, 'nobody')).toBe(false);
  });
});
