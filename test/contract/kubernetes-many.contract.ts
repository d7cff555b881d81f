import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordingSink } from '../helpers/recording-sink.ts';
import { agree, sorted } from './bed.ts';
import { expectWatched, type KubernetesBed, watchedBy } from './kubernetes-bed.ts';

/** A cluster that can be made big. */
export interface BigKubernetes extends KubernetesBed {
  /** Resolves when at least so many pods run. */
  fill(pods: number): Promise<void>;
  /** Resolves when none of those is there any more. */
  empty(): Promise<void>;
}

const PATIENT = { timeout: 60_000, interval: 100 };
/** To make or remove them takes the real one two minutes, and far longer where others work on the machine. */
const LONG_MS = 600_000;
/** Beside the pages: one list and one watch of each kind, usage, proofs of life. */
const OTHER_REQUESTS = 80;

/** What must be so where there are many pods. */
export function kubernetesManyContract(pods: number, open: () => Promise<BigKubernetes>): void {
  let opened: BigKubernetes | undefined;
  const bed = () => {
    if (!opened) throw new Error('the bed is not open');
    return opened;
  };
  beforeAll(async () => {
    opened = await open();
    await opened.fill(pods);
  }, LONG_MS);
  afterAll(async () => opened?.close?.(), LONG_MS);
  const isWhole = (sink: RecordingSink) =>
    expect.poll(() => [sink.phase, sink.coverages.get('replica')?.state], PATIENT).toEqual(['live', 'complete']);
  const agrees = (sink: RecordingSink) =>
    agree(
      () => sorted(sink.all('replica').map(each => [each.uid, each.name, each.state, each.restarts])),
      async () =>
        sorted(
          (await bed().truth()).pods.map(each => [
            each.uid,
            each.name,
            each.Status,
            Number.parseInt(String(each.Restarts), 10),
          ]),
        ),
    );

  it('lists them in pages, and goes on from there', { timeout: LONG_MS }, async () => {
    await watchedBy(bed().options, {}, async (sink, source) => {
      await isWhole(sink);
      expect(sink.all('replica').length).toBeGreaterThan(pods);
      expect(source.requests).toBeLessThan(pods / 250 + OTHER_REQUESTS);
      await agrees(sink);
      await expectWatched(sink, bed().client);
      expect(sink.listsEnded.get('replica')).toBe(1);
    });
  });

  it('sees them all go, by its watch', { timeout: LONG_MS }, async () => {
    await watchedBy(bed().options, {}, async sink => {
      await isWhole(sink);
      const before = sink.all('replica').length;
      await bed().empty();
      await expect.poll(() => sink.all('replica').length, PATIENT).toBeLessThanOrEqual(before - pods + 100);
      await agrees(sink);
      expect(sink.listsEnded.get('replica')).toBe(1);
      expect(sink.phase).toBe('live');
    });
  });
}
