import type { SourceOptions } from '../../src/profile/schema.ts';
import type { Row } from './plan.ts';

/** Carries out a verb of a part's table; resolves when it took effect, rejects with what went wrong. */
export type Hand = (words: string[]) => Promise<unknown>;

/** What the soak runs against. */
export interface SoakBed {
  /** How its systems are reached by those who ask them for the truth. */
  sources: Record<string, SourceOptions>;
  /** What commands of these sources need in their environment. */
  env: Record<string, string>;
  rows: Row[];
  hands: Record<string, Hand>;
  /** What cannot be run here, in words. */
  told: string[];
  /** Ends every fault that may still be. */
  heal(): Promise<void>;
  /** Leaves it as it was found. */
  close(): Promise<void>;
}
