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
    if (!client) continue;
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
