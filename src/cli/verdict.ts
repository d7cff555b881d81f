import type { Fleet } from '../fleet/fleet.ts';
import { isNotLive } from '../fleet/gaps.ts';
import { problems } from '../fleet/problems.ts';
import type { Health, Noun } from '../model/entity.ts';
import { EXIT } from './io.ts';

/** What a status report says about the whole. */
export interface Overall {
  health: 'ok' | 'warn' | 'bad' | 'unknown';
  code: number;
  problems: readonly Noun[];
}

/** Known bad counts most, then a source that is not live, then warnings. */
export function overall(fleet: Fleet): Overall {
  const found = problems(fleet);
  const is = (health: Health) => found.some(noun => noun.health === health);
  if (is('bad')) return { health: 'bad', code: EXIT.bad, problems: found };
  if (fleet.sources().some(isNotLive)) return { health: 'unknown', code: EXIT.notLive, problems: found };
  if (is('warn')) return { health: 'warn', code: EXIT.warnings, problems: found };
  return { health: 'ok', code: EXIT.well, problems: found };
}

export type Tally = Record<Health | 'total', number>;

export function tally(nouns: Iterable<Noun>): Tally {
  const counts: Tally = { total: 0, ok: 0, busy: 0, warn: 0, bad: 0, off: 0, unknown: 0 };
  for (const { health } of nouns) {
    counts.total++;
    counts[health]++;
  }
  return counts;
}
