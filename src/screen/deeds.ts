import type { Action } from '../keys/table.ts';

/** What actions do, by name; each part of the screen has those of its idea. */
export type Deeds = Partial<Record<Action, () => void>>;
