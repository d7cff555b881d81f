import { hostname } from 'node:os';
import type { Fleet } from '../fleet/fleet.ts';
import type { Deed, Outcome } from '../model/deed.ts';
import type { Journal } from '../store/journal.ts';
import { prove } from './prove.ts';

/**
 * Deeds whose program went away before it could say how they ended: each is looked up in the system, and the journal
 * gets what is found. What cannot be asked now stays open. Returns those that are known now. Throws a TroubleError when
 * the journal cannot be written.
 */
export async function closeCutOff(journal: Journal, fleet: Fleet, signal: AbortSignal): Promise<Deed[]> {
  const closed: Deed[] = [];
  for (const deed of journal.open()) {
    const { intent } = deed;
    if (!isCutOff(deed)) continue;
    const client = fleet.source(intent.target.source)?.client?.();
    const isLive = fleet.sources().some(({ name, phase }) => name === intent.target.source && phase === 'live');
    if (!client || !isLive) continue;
    const found = intent.proofs.length === 0 ? 'untold' : await prove(intent.proofs, client, signal);
    if (found === null) continue;
    const [outcome, words]: [Outcome, string] =
      found === 'untold'
        ? ['unknown', 'cut off, and nothing in the system tells whether it was done']
        : found
          ? ['done', 'cut off; looked at later: the system has it']
          : ['failed', 'cut off; looked at later: the system does not have it'];
    const ending = { id: intent.id, at: fleet.now(), outcome, words, checked: true };
    journal.end(ending);
    closed.push({ intent, ending });
  }
  return closed;
}

/**
 * Looks after deeds that were cut off, each as soon as its source is live, and tells what became of them. Returns the way
 * to stop.
 */
export function watchCutOff(
  journal: Journal,
  fleet: Fleet,
  tell: (deed: Deed) => void,
  fail: (error: unknown) => void,
): () => void {
  const stopping = new AbortController();
  let version = -1;
  let looking = false;
  const look = async () => {
    if (looking || version === fleet.version('sources')) return;
    version = fleet.version('sources');
    looking = true;
    try {
      for (const deed of await closeCutOff(journal, fleet, stopping.signal)) tell(deed);
      if (!journal.open().some(isCutOff)) unsubscribe();
    } catch (error) {
      unsubscribe();
      fail(error);
    } finally {
      looking = false;
    }
  };
  const unsubscribe = fleet.subscribe(() => void look());
  return () => {
    unsubscribe();
    stopping.abort();
  };
}

/** The program that did it ran here, and runs no more. */
function isCutOff({ intent: { process: doer } }: Deed): boolean {
  if (doer.host !== hostname() || doer.pid === process.pid) return false;
  try {
    process.kill(doer.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
