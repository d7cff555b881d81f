import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Directory, Noun, Seen } from '../../src/model/entity.ts';
import { judgeDirectory, judgeStorage } from '../../src/model/health/data.ts';
import { THRESHOLDS } from '../../src/model/thresholds.ts';
import { createCephfs } from '../../src/sources/cephfs/index.ts';
import type { CephfsOptions } from '../../src/sources/cephfs/options.ts';
import { isLastingShell, processesWith } from '../helpers/processes.ts';
import { agree, type Bed, proofsLater, sorted, watching } from './bed.ts';
import type { CephfsTruth } from './cephfs-truth.ts';

/** What may happen to a CephFS. Each resolves when it took effect. */
export interface CephfsFaults {
  /** A watched directory with a quota of bytes, below the mount. */
  directory: string;
  /** 0: none. */
  quota(directory: string, bytes: number): Promise<void>;
  /** Whether all of it was taken; false: it was refused with EDQUOT. */
  write(directory: string, bytes: number): Promise<boolean>;
  /** Takes back what was written. */
  unwrite(directory: string): Promise<void>;
  osdDown(): Promise<void>;
  nearFull(): Promise<void>;
  /** The only metadata server is killed: it stays in the map, and every call on the mount hangs. */
  mdsGone(): Promise<void>;
  managerGone(): Promise<void>;
  /** All is as it was. */
  heal(): Promise<void>;
}

export type BreakableCephfs = Bed<CephfsOptions, CephfsTruth> & { faults: CephfsFaults };

/** As many as there can be commands at once: a proof of life, five of a reading, a question to the cluster. */
const MOST_SHELLS = 7;
const NOTICED = { timeout: 40_000, interval: 200 };

/**
 * What must be seen of every CephFS to which this happens.
 *
 * @param remote it is read through a connection to another host
 */
export function cephfsFaultsContract(open: () => Promise<BreakableCephfs>, { remote = false } = {}): void {
  // The connection to another host is kept by a process of its own.
  const standing = remote ? 1 : 0;
  // All children of the source have it in their environment.
  const [name, mark] = ['QD_CONTRACT_CEPHFS', String(process.pid)];
  let bed: BreakableCephfs | undefined;
  const watched = watching(
    async () => {
      bed = await open();
      return bed;
    },
    options =>
      createCephfs('fs', options, {
        directoriesEveryMs: 1_000,
        quotasEveryMs: 0,
        probeEveryMs: 1_000,
        ...(remote ? {} : { probeDeadlineMs: 2_000 }),
        clusterEveryMs: 500,
      }),
    ['directory', 'storage'],
  );
  const { sink } = watched;
  const faults = () => {
    if (!bed) throw new Error('the bed is not open');
    return bed.faults;
  };
  beforeAll(() => void vi.stubEnv(name, mark));
  afterAll(() => void vi.unstubAllEnvs());

  const directory = () => sink.all('directory').find(({ path }) => path.endsWith(`/${faults().directory}`));
  const numbers = () => [directory()?.usedBytes, directory()?.quotaBytes];
  const storage = () => sink.all('storage')[0];
  const codes = () => storage()?.checks.map(({ code }) => code);
  const started = () => processesWith(name, mark);
  /** What shells run, not the shells: those only wait for it. */
  const children = () => started().filter(pid => !isLastingShell(pid)).length;
  const shells = () => started().filter(isLastingShell).length;
  const summary = (code: string) => storage()?.checks.find(check => check.code === code)?.summary;
  const told = (reason: string) => sink.events.filter(event => event.reason === reason).map(({ message }) => message);

  /** Whatever comes of it, the system is left as it was found. */
  async function while_(fault: () => Promise<void>, then: () => Promise<void>): Promise<void> {
    const before = storage()?.status;
    try {
      await fault();
      await then();
    } finally {
      await faults().heal();
    }
    await expect.poll(() => [sink.phase, storage()?.status], NOTICED).toEqual(['live', before]);
  }

  // What the cluster says is the same wherever it is asked from; what hangs is not.
  if (!remote) {
    it('counts every byte that is written, and takes a quota that is gone for none', async () => {
      const { directory: path, quota, write, unwrite } = faults();
      const [before, limit] = [directory()?.usedBytes ?? 0, directory()?.quotaBytes ?? 0];
      expect(limit).toBeGreaterThan(0);
      try {
        expect(await write(path, 4097)).toBe(true);
        await quota(path, before + 1_000_001);
        await expect.poll(numbers, NOTICED).toEqual([before + 4097, before + 1_000_001]);
        await quota(path, 0);
        await expect.poll(numbers, NOTICED).toEqual([before + 4097, null]);
      } finally {
        await quota(path, limit);
        await unwrite(path);
      }
      await expect.poll(numbers, NOTICED).toEqual([before, limit]);
    });

    it('says full where a write is refused', async () => {
      const { directory: path, quota, write, unwrite } = faults();
      const [before, limit] = [directory()?.usedBytes ?? 0, directory()?.quotaBytes ?? 0];
      const tight = before + 262_144;
      await quota(path, tight);
      try {
        expect(await write(path, 20_000_000)).toBe(false);
        await expect.poll(() => directory()?.usedBytes, NOTICED).toBeGreaterThanOrEqual(tight);
        await expect
          .poll(() => health<Directory>(directory(), judged => judgeDirectory(judged, THRESHOLDS)), NOTICED)
          .toBe('bad');
        expect(told('Quota').at(-1)).toMatch(/^at \d+ % of its quota, writes are refused: /);
        // No check of the cluster tells of it: only the directory itself.
        expect(codes()?.filter(code => /QUOTA|FULL/.test(code))).toEqual([]);
      } finally {
        await unwrite(path);
        await quota(path, limit);
      }
      await expect.poll(numbers, NOTICED).toEqual([before, limit]);
    });

    it('tells which OSD is down, and goes on reading', () =>
      while_(
        () => faults().osdDown(),
        async () => {
          await expect.poll(codes, NOTICED).toContain('OSD_DOWN');
          expect(storage()?.osdsUp).toBe((storage()?.osds ?? 0) - 1);
          expect(summary('OSD_DOWN')).toMatch(/^1 osds down: osd\.\d+ \(.*\) is down$/);
          expect(health(storage(), judgeStorage)).toBe('warn');
          await proofsLater(watched, 1);
          expect(sink.phase).toBe('live');
        },
      ));

    it('tells that the cluster is near full', () =>
      while_(
        () => faults().nearFull(),
        async () => {
          await expect.poll(codes, NOTICED).toEqual(expect.arrayContaining(['OSD_NEARFULL', 'POOL_NEARFULL']));
          expect(storage()?.status).toBe('HEALTH_WARN');
          expect(summary('OSD_NEARFULL')).toMatch(/^\d+ nearfull osd\(s\): osd\.\d+ is near full/);
          expect(summary('POOL_NEARFULL')).toMatch(/^\d+ pool\(s\) nearfull: pool '.+' is nearfull/);
          expect(health(storage(), judgeStorage)).toBe('warn');
        },
      ));

    it('shows no rates and no usage as live when the manager is gone', () =>
      while_(
        () => faults().managerGone(),
        async () => {
          await expect.poll(() => storage()?.managerAvailable, NOTICED).toBe(false);
          expect([storage()?.readBytesPerSecond, storage()?.writeBytesPerSecond]).toEqual([null, null]);
          await expect.poll(codes, NOTICED).toContain('MGR_DOWN');
          expect(summary('MGR_DOWN')).toBe('no active mgr');
          await expect.poll(() => sink.phase, NOTICED).toBe('live');
        },
      ));
  }

  describe('when the metadata server is gone and the mount hangs', () => {
    it('says so, lives on, and piles nothing up', () =>
      while_(
        () => faults().mdsGone(),
        async () => {
          await expect.poll(() => sink.phase, NOTICED).toBe('stale');
          expect(sink.trouble?.why).toMatch(/^the metadata server.* does not answer for \d+ s$/);
          expect(sink.coverages.get('directory')?.state).toBe('failed');
          // What was last known stays, and the cluster says why.
          expect(directory()?.usedBytes).toBeTypeOf('number');
          await expect.poll(() => [storage()?.mdsActive, storage()?.mdsLaggy], NOTICED).toEqual([0, 1]);
          expect(health(storage(), judgeStorage)).toBe('bad');

          const answers = sink.listsEnded.get('storage') ?? 0;
          const troubles = () => sink.states.filter(({ phase }) => phase === 'stale').length;
          const [before, hanging] = [troubles(), children()];
          await expect.poll(() => troubles() - before, NOTICED).toBeGreaterThanOrEqual(4);
          await expect.poll(() => sink.listsEnded.get('storage'), NOTICED).toBeGreaterThan(answers);
          // No more than a question to the cluster, and the way to it; what piles up does not go again while it hangs.
          await expect.poll(() => children() - hanging, NOTICED).toBeLessThanOrEqual(2);
          expect(sink.phase).toBe('stale');
        },
      ));

    it('has left no child behind, and reads what is there', async () => {
      await expect.poll(() => children(), { ...NOTICED, interval: 20 }).toBeLessThanOrEqual(standing + 1);
      // Also where ours needs none: a source of another suite that is read here has replaced its own meanwhile.
      await expect.poll(() => shells(), { ...NOTICED, interval: 20 }).toBeLessThanOrEqual(MOST_SHELLS);
      await expect.poll(() => sink.coverages.get('directory')?.state, NOTICED).toBe('complete');
      await agree(
        () =>
          sorted(sink.all('directory').map(each => [each.path, String(each.usedBytes), String(each.quotaBytes ?? 0)])),
        async () =>
          sorted(
            ((await bed?.truth())?.directories ?? []).map(([path, bytes, , quota]) => [
              path ?? '',
              bytes ?? '',
              quota ?? '',
            ]),
          ),
      );
    });
  });
}

/** As the fleet would judge what the source has seen. */
function health<N extends Noun>(seen: Seen | undefined, judge: (noun: N) => { health: string }): string | undefined {
  return seen && judge({ ...seen, health: 'unknown', reason: null } as unknown as N).health;
}
