import type { Fleet } from '../fleet/fleet.ts';
import { problems } from '../fleet/problems.ts';
import type { Health, Kind, Noun } from '../model/entity.ts';
import { sentence } from '../model/trouble.ts';
import { sourceKindsOf } from '../screen/pane.ts';
import type { SourceState } from '../sources/source.ts';
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

/** A configured source that nothing can be believed of now. */
export function isNotLive({ phase }: SourceState): boolean {
  return phase === 'connecting' || phase === 'stale' || phase === 'refused';
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

/** A source that should tell of a kind and has not told all. */
export interface Gap {
  source: SourceState;
  why: string;
}

/**
 * Which sources have not told all that they have of a kind. `tellers`: how many there are that tell of it. Events have
 * no coverage: a source that is not live is what they lack.
 */
export function gaps(fleet: Fleet, kind: Kind | 'event'): { tellers: number; told: number; gaps: Gap[] } {
  const tellers = fleet
    .sources()
    .filter(source => sourceKindsOf(kind).includes(source.kind) && source.phase !== 'unset');
  const found: Gap[] = [];
  let told = 0;
  for (const source of tellers) {
    const coverage = kind === 'event' ? undefined : fleet.coverage(source.name, kind);
    if (coverage?.state === 'absent') continue;
    if (coverage?.state === 'complete') told++;
    const why = gapOf(source, coverage);
    if (why !== null) found.push({ source, why });
  }
  return { tellers: tellers.length, told, gaps: found };
}

function gapOf(source: SourceState, coverage: ReturnType<Fleet['coverage']>): string | null {
  if (isNotLive(source)) return `${wordOf(source)}${source.trouble ? `: ${sentence(source.trouble)}` : ''}`;
  if (coverage?.state === 'forbidden') return `not allowed: ${sentence(coverage.trouble)}`;
  if (coverage?.state === 'failed') return sentence(coverage.trouble);
  if (coverage?.state === 'asking') return 'no complete answer yet';
  return null;
}

/** Where a source stands, in a word or two. */
export function wordOf({ phase, observedAt }: SourceState): string {
  if (phase === 'connecting') return observedAt === null ? 'no answer yet' : 'connecting again';
  return phase === 'unset' ? 'not set up' : phase;
}
