import type { ProfileInput } from '../profile/schema.ts';
import type { With } from './scenarios/scenario.ts';

/** What the demo's process is started with. */
export interface DemoOptions {
  seed?: number;
  scale?: number;
  changesPerSecond?: number;
  scenario?: string;
}

/** From the program to the demo's process. */
export interface Order {
  type: 'trigger';
  id: number;
  name: string;
  with?: With;
}

/** From the demo's process to the program. */
export type Report =
  | { type: 'ready'; profile: ProfileInput; scenarios: string[] }
  /** `usage`: what was asked for cannot be, by a mistake of the user. */
  | { type: 'failed'; message: string; usage: boolean }
  | { type: 'triggered'; id: number; error: string | null };
