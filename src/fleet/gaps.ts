import type { Kind } from '../model/entity.ts';
import { sentence } from '../model/trouble.ts';
import type { SourceKind, SourceState } from '../sources/source.ts';
import type { Fleet } from './fleet.ts';

/** The kinds of source that tell of a kind. */
export function sourceKindsOf(kind: Kind | 'event'): SourceKind[] {
  switch (kind) {
    case 'event':
      return ['kubernetes', 'swarm', 'postgres', 'mariadb', 'cephfs', 'http'];
    case 'service':
    case 'claim':
      return ['kubernetes'];
    case 'network':
      return ['swarm'];
    case 'pool':
    case 'database':
      return ['postgres', 'mariadb'];
    case 'instance':
      return ['postgres'];
    case 'directory':
    case 'storage':
    case 'backup':
      return ['cephfs'];
    case 'check':
      return ['http'];
    case 'host':
      return ['host'];
    case 'route':
      return ['swarm', 'kubernetes'];
    default:
      return ['kubernetes', 'swarm'];
  }
}

/** A configured source that nothing can be believed of now. */
export function isNotLive({ phase }: SourceState): boolean {
  return phase === 'connecting' || phase === 'stale' || phase === 'refused';
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
