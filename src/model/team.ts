import type { Trouble } from './trouble.ts';

/** How it stands with the store that a team shares. What is shown of the colleagues is always what is kept here. */
export interface TeamState {
  /** Where it is: "db-1:5432 · quarterdeck". */
  on: string;
  /** `refused`: it answered and said no, or an administrator has to do something first. */
  phase: 'connecting' | 'live' | 'down' | 'refused';
  /** When this phase began, milliseconds since 1970. */
  since: number;
  /** Until when all that stood there is known here; null: it was never reached. */
  asOf: number | null;
  trouble: Trouble | null;
  /** What an administrator of that database has to run first; empty: nothing. */
  sql: readonly string[];
  /** Journals that there and here do not fit together, in sentences. */
  forks: readonly string[];
}
