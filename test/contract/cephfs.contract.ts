import { describe, expect, it } from 'vitest';
import { createCephfs } from '../../src/sources/cephfs/index.ts';
import type { CephfsOptions } from '../../src/sources/cephfs/options.ts';
import { agree, type Bed, proofsLater, sorted, watching } from './bed.ts';
import type { CephfsTruth } from './cephfs-truth.ts';

export type CephfsBed = Bed<CephfsOptions, CephfsTruth>;

/** Processes of one reading, quotas left out: two find, one getfattr for each of four attributes. */
const A_READING = 6;

/** What must be so for every CephFS that is watched. */
export function cephfsContract(open: () => Promise<CephfsBed>): void {
  const create = (options: CephfsOptions) =>
    createCephfs('fs', options, { directoriesEveryMs: 2_000, probeEveryMs: 1_000 });
  const watched = watching(open, create, ['directory', 'storage']);
  const { sink, truth } = watched;

  describe('tells what getfattr and ceph print:', () => {
    it('directories with usage and quotas, and no others', () =>
      agree(
        () =>
          sorted(
            sink
              .all('directory')
              .map(each => [
                each.path,
                String(each.usedBytes),
                String(each.files),
                String(each.quotaBytes ?? 0),
                String(each.quotaFiles ?? 0),
              ]),
          ),
        async () => sorted((await truth()).directories),
      ));

    it('the cluster with its health', () =>
      agree(
        () =>
          sink.all('storage').map(({ status, osds, osdsUp, totalBytes }) => ({ status, osds, up: osdsUp, totalBytes })),
        async () =>
          [(await truth()).cluster] as {
            status: string | null;
            osds: number | null;
            up: number | null;
            totalBytes: number | null;
          }[],
      ));
  });

  it('goes on proving that it lives, and walks no tree: six processes a reading', async () => {
    const { source } = watched;
    const readings = () => sink.listsEnded.get('directory') ?? 0;
    const [requests, proofs, read] = [source.requests, sink.proofs, readings()];
    await proofsLater(watched, 2);
    expect(sink.phase).toBe('live');
    // One reading may be under way; each proof is a process, and the cluster is asked in between.
    const allowed = (readings() - read + 1) * A_READING + 2 * (sink.proofs - proofs) + 4;
    expect(source.requests - requests).toBeLessThanOrEqual(allowed);
  });
}
