import type { Fleet } from '../fleet/fleet.ts';
import type { Means } from './checklist.ts';
import { growthOf } from './growth.ts';
import type { Settings } from './options.ts';
import { specsReader } from './read-specs.ts';

/** What only the program knows that watches. */
export type Knowledge = Pick<Means, 'ahead' | 'written' | 'team'>;

const NONE: Knowledge = { ahead: async () => null, written: { groups: {}, stacks: [] }, team: () => null };

/** What probes ask with in earnest. What it needs is loaded when it is asked for. */
export function meansOf(fleet: Fleet, settings: Settings, knowledge: Knowledge = NONE): Omit<Means, 'past' | 'signal'> {
  return {
    fleet,
    settings,
    ...knowledge,
    growth: noun => growthOf(noun, knowledge.ahead),
    specs: specsReader(fleet),
    sql: async (database, select, signal) => {
      for (const { name } of fleet.sources()) {
        const rows = fleet.source(name)?.select?.(database, select, signal);
        if (rows) return rows;
      }
      throw new Error(`no source has a database or server ${database}`);
    },
    http: async (check, signal) => (await import('../sources/http/ask.ts')).ask(check, signal),
    command: async (argv, deadlineMs, signal) =>
      (await import('../sources/run-local.ts')).runLocal(argv, { deadlineMs, signal }),
  };
}
