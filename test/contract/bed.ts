import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { Kind } from '../../src/model/entity.ts';
import type { Source } from '../../src/sources/source.ts';
import { RecordingSink } from '../helpers/recording-sink.ts';

/** A system that a source can watch, and its own word about itself, asked without the source. */
export interface Bed<Options, Truth> {
  options: Options;
  truth(): Promise<Truth>;
  close?(): Promise<void>;
}

export interface Watched<Options, Truth> {
  readonly options: Options;
  readonly source: Source;
  readonly sink: RecordingSink;
  truth(): Promise<Truth>;
}

const SOON_MS = 30_000;
/** Below the time that a test has. */
const AGREED_MS = 15_000;

/** Watches the bed for the tests of one file; they begin when it is live and these kinds are complete. */
export function watching<Options, Truth>(
  open: () => Promise<Bed<Options, Truth>>,
  create: (options: Options) => Source,
  kinds: Kind[],
): Watched<Options, Truth> {
  const sink = new RecordingSink();
  let bed: Bed<Options, Truth> | undefined;
  let source: Source | undefined;
  beforeAll(async () => {
    bed = await open();
    source = create(bed.options);
    source.start(sink);
    const states = () => [sink.phase, ...kinds.map(kind => sink.coverages.get(kind)?.state)];
    await vi.waitFor(() => expect(states()).toEqual(['live', ...kinds.map(() => 'complete')]), SOON_MS);
  }, 2 * SOON_MS);
  afterAll(async () => {
    await source?.stop();
    await bed?.close?.();
  }, SOON_MS);
  return {
    sink,
    get options() {
      if (!bed) throw new Error('the bed is not open');
      return bed.options;
    },
    get source() {
      if (!source) throw new Error('the bed is not open');
      return source;
    },
    truth() {
      if (!bed) throw new Error('the bed is not open');
      return bed.truth();
    },
  };
}

/** Both are asked again until they agree: a system that lives may move between two questions. */
export async function agree<Truth>(ours: () => Truth, theirs: () => Promise<Truth>): Promise<void> {
  const end = performance.now() + AGREED_MS;
  for (;;) {
    const told = await theirs();
    try {
      expect(told).not.toEqual([]);
      return expect(ours()).toEqual(told);
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(200);
    }
  }
}

/** Goes on when the source has proven so many times more that its system lives. */
export async function proofsLater({ sink }: Watched<unknown, unknown>, proofs: number): Promise<void> {
  const before = sink.proofs;
  await expect.poll(() => sink.proofs - before, { timeout: SOON_MS }).toBeGreaterThanOrEqual(proofs);
}

/** Rows by their first column. */
export function sorted<Row extends readonly unknown[]>(rows: Row[]): Row[] {
  return rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
