import { FIRST } from '../fleet/examine.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { hasTold } from '../fleet/told.ts';
import type { Kind } from '../model/entity.ts';
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
  if (!FIRST[kind].every(first => !kinds.has(first) || fleet.coverage(name, first) !== undefined)) return false;
  return hasTold(fleet, name, [...kinds]);
}
