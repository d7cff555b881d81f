import type { Kind, Nouns } from '../../src/model/entity.ts';
import type { SourceOptions } from '../../src/profile/schema.ts';
import type { SourceState } from '../../src/sources/source.ts';

/** What the engine's process is started with. */
export interface EngineOptions {
  sources: Record<string, SourceOptions>;
  /** Where it keeps what outlives it. */
  storePath: string;
}

/** From the engine's process. */
export type Report =
  | { type: 'event'; source: string; reason: string; subject: string; message: string }
  | Sample
  /** An unhandled rejection, an uncaught exception or a warning of Node. */
  | { type: 'fault'; text: string }
  | { type: 'states'; states: SourceState[] }
  | ({ type: 'picture' } & Picture);

/** To the engine's process: what it is to say. */
export type Ask = 'states' | 'picture';

/** After a collection of garbage. */
export interface Sample {
  type: 'sample';
  /** Seconds that the process has run. */
  at: number;
  heapBytes: number;
  rssBytes: number;
  cpuSeconds: number;
  /** Sent to each source's system since the start. */
  requests: Record<string, number>;
}

/** What the fleet holds. */
export interface Picture {
  /** What is not complete, in words: "kubernetes pod failed: …". */
  lacking: string[];
  nouns: { [K in Kind]: Nouns[K][] };
}
