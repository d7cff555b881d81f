import { FIRST } from '../fleet/examine.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Check, Kind, Pool } from '../model/entity.ts';
import type { SourceState } from '../sources/source.ts';

/**
 * Waits until every source is live and has told what it has of these kinds, or was refused; at most so long, or until
 * the signal. Resolves in any case: what did not come in time is told by the sources' states and coverages.
 */
export async function settle(
  fleet: Fleet,
  kinds: ReadonlySet<Kind>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  await new Promise<void>(resolve => {
    const done = () => {
      unsubscribe();
      end.removeEventListener('abort', done);
      resolve();
    };
    const look = () => {
      if (fleet.sources().every(source => isSettled(source, fleet, kinds))) done();
    };
    const unsubscribe = fleet.subscribe(look);
    end.addEventListener('abort', done, { once: true });
    if (end.aborted) done();
    else look();
  });
  fleet.flush();
}

function isSettled({ name, kind, phase }: SourceState, fleet: Fleet, kinds: ReadonlySet<Kind>): boolean {
  if (phase === 'unset' || phase === 'off' || phase === 'refused') return true;
  if (phase !== 'live') return false;
  const isTold = FIRST[kind].every(first => !kinds.has(first) || fleet.coverage(name, first) !== undefined);
  const asked = kinds.has('pool') ? [...kinds, WITH_POOLS] : [...kinds];
  if (!isTold || asked.some(any => fleet.coverage(name, any)?.state === 'asking')) return false;
  const own = <K extends 'pool' | 'check'>(kind: K) =>
    kinds.has(kind) ? [...fleet.all(kind).values()].filter(noun => noun.source === name) : [];
  return own('pool').every(isProbed) && own('check').every(isAsked);
}

/** A pool that answers is known to live; how many connections it has, and what it holds, is read with its databases. */
const WITH_POOLS: Kind = 'database';

/** The platform's table names a pool; how it is, is known when it was asked itself, or cannot be asked. */
function isProbed({ up, downReason }: Pool): boolean {
  return up !== null || downReason !== null;
}

/** The profile names an endpoint; one that answers makes the source live before the others were asked. */
function isAsked({ status, failure }: Check): boolean {
  return status !== null || failure !== null;
}
