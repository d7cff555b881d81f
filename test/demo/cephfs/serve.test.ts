import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { createCephfs } from '../../../src/sources/cephfs/index.ts';
import type { Source } from '../../../src/sources/source.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';
import { type Bed, bedOf } from './bed.ts';

const beds: Bed[] = [];
const sources: Source[] = [];

async function open(options: Parameters<typeof bedOf>[0] = {}): Promise<Bed> {
  const bed = await bedOf(options);
  beds.push(bed);
  return bed;
}

afterEach(async () => {
  for (const source of sources.splice(0)) await source.stop();
  for (const { demo } of beds.splice(0)) await demo.close();
});

/** Runs the command as a reader of the profile does. */
function run({ demo }: Bed, ...argv: string[]) {
  const [program = '', ...args] = 'command' in demo.reader ? demo.reader.command : [];
  const child = spawn(program, [...args, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const read = async (stream: NodeJS.ReadableStream) => {
    let text = '';
    for await (const chunk of stream) text += chunk;
    return text;
  };
  const code = new Promise<number | null>(resolve => child.once('exit', resolve));
  const ended = Promise.all([code, read(child.stdout), read(child.stderr)]).then(([code, stdout, stderr]) => ({
    code,
    stdout,
    stderr,
  }));
  return { child, ended };
}

const ROOT = ['getfattr', '--absolute-names', '-n', 'ceph.dir.rbytes', '--', '/mnt/cephfs'];

describe('the answering command', () => {
  it('prints what the program would print, with its exit code', async () => {
    const bed = await open();
    const { code, stdout, stderr } = await run(bed, ...ROOT, '/mnt/cephfs/nope').ended;
    expect(stdout).toMatch(/^# file: \/mnt\/cephfs\nceph\.dir\.rbytes="\d+"\n\n$/);
    expect([code, stderr]).toEqual([1, 'getfattr: /mnt/cephfs/nope: No such file or directory\n']);
  });

  it('knows no other program', async () => {
    const bed = await open();
    const answer = await run(bed, 'rm', '-rf', '/mnt/cephfs').ended;
    expect(answer).toEqual({ code: 127, stdout: '', stderr: 'rm: command not found\n' });
  });

  it('hangs without a metadata server, also for the mount itself, and ends by itself when there is one', async () => {
    const bed = await open();
    bed.storage.mdsGone = true;
    const [probe, list] = [run(bed, ...ROOT), run(bed, 'find', '/mnt/cephfs/odoo_backups/active', '-maxdepth', '0')];
    const cluster = await run(bed, 'ceph', 'status', '-f', 'json').ended;
    expect(cluster.stdout).toContain('laggy or crashed');
    expect([probe.child.exitCode, list.child.exitCode]).toEqual([null, null]);
    bed.storage.mdsGone = false;
    expect(await probe.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('rbytes') });
    expect(await list.ended).toMatchObject({ code: 0 });
  });

  it('gives up when it was told how long to look for a monitor', async () => {
    const bed = await open();
    bed.demo.daemons.monitorsGone = true;
    const answer = await run(bed, 'ceph', '--connect-timeout', '1', 'status', '-f', 'json').ended;
    expect(answer).toEqual({ code: 1, stdout: '', stderr: 'timed out\n' });
  });

  it('ends when the demo ends', async () => {
    const bed = await open();
    bed.storage.mdsGone = true;
    const probe = run(bed, ...ROOT);
    const reached = run(bed, 'ceph', 'health', '-f', 'json');
    await reached.ended;
    await bed.demo.close();
    beds.length = 0;
    expect(await probe.ended).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('the cephfs source', () => {
  async function watch(bed: Bed): Promise<RecordingSink> {
    const source = createCephfs(
      'demo',
      {
        kind: 'cephfs',
        mount: '/mnt/cephfs',
        everySeconds: 15,
        fileSystem: 'saasodoo_fs',
        reader: bed.demo.reader,
        directories: ['odoo_instances/*', 'postgres_pools/*', 'odoo_backups', 'redis_data'],
        backups: {
          directory: 'odoo_backups/active',
          pattern: '^(?<database>.+)_(?<taken>\\d{8}_\\d{6})_(?<part>database|data)\\.(?:sql|tar\\.gz)$',
        },
      },
      { probeEveryMs: 200, probeDeadlineMs: 2_000, readDeadlineMs: 5_000 },
    );
    sources.push(source);
    const sink = new RecordingSink();
    source.start(sink);
    const kinds = ['directory', 'backup', 'storage'] as const;
    await expect
      .poll(() => kinds.map(kind => sink.coverages.get(kind)?.state), { timeout: 15_000 })
      .toEqual(['complete', 'complete', 'complete']);
    return sink;
  }

  it('sees the directories, backups and the cluster of the demo', async () => {
    const bed = await open();
    const sink = await watch(bed);
    expect(sink.all('directory')).toHaveLength(45);
    expect(sink.all('backup')).toHaveLength(40);
    const globex = sink.all('directory').find(({ path }) => path.includes('globex'));
    expect(globex?.quotaBytes).toBe(10 * 2 ** 30);
    expect((globex?.usedBytes ?? 0) / (globex?.quotaBytes ?? 1)).toBeCloseTo(0.982, 3);
    expect(sink.all('backup').find(({ databaseName }) => databaseName === 'globex')?.dataBytes).toBe(0);
    expect(sink.all('storage')).toMatchObject([
      {
        name: 'saasodoo_fs',
        status: 'HEALTH_WARN',
        ...{ osds: 3, osdsUp: 3, mdsActive: 1, mdsStandby: 1, mdsLaggy: 0 },
        ...{ monitors: 3, monitorsInQuorum: 3, managerAvailable: true },
        checks: [{ code: 'OSD_NEARFULL' }, { code: 'POOL_NEARFULL' }],
      },
    ]);
    expect(sink.phase).toBe('live');
  }, 30_000);

  it('tells a metadata server that is gone, and that it is back', async () => {
    const bed = await open({ still: true });
    const sink = await watch(bed);
    bed.storage.mdsGone = true;
    await expect.poll(() => sink.phase, { timeout: 10_000 }).toBe('stale');
    expect(sink.trouble?.why).toContain('the metadata server does not answer');
    bed.storage.mdsGone = false;
    await expect.poll(() => sink.phase, { timeout: 10_000 }).toBe('live');
  }, 40_000);
});
