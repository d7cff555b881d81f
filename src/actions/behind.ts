import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '../fleet/fleet.ts';
import type { Noun, Replica, Service } from '../model/entity.ts';
import { compareWords } from '../text/compare-words.ts';
import { NotDone } from './attempt.ts';

/** The pods that a noun leads to, those that can be used: itself, those of a workload, those that a service selects. */
export function usableBehind(noun: Noun, fleet: Fleet): Replica[] {
  const all = podsOf(noun, fleet).filter(pod => isUsable(pod, noun));
  return all.sort((a, b) => compareWords(a.name, b.name));
}

function podsOf(noun: Noun, fleet: Fleet): Replica[] {
  if (noun.kind === 'replica') return [fleet.get('replica', noun.id)].filter(pod => pod?.uid === noun.uid) as Replica[];
  if (noun.kind === 'workload') return fleet.replicasOf(noun.id);
  if (noun.kind !== 'service') return [];
  return [...fleet.all('replica').values()].filter(pod => isSelected(pod, noun));
}

/** Who names one pod means that one, ready or not. */
function isUsable({ ready, wanted }: Replica, { kind }: Noun): boolean {
  return kind === 'replica' || (ready && wanted !== 'gone');
}

/** As Kubernetes does it: in the same namespace, with every label of the selector. */
function isSelected({ source, namespace, labels }: Replica, service: Service): boolean {
  const wanted = Object.entries(service.selector);
  if (source !== service.source || namespace !== service.namespace || wanted.length === 0) return false;
  return wanted.every(([label, value]) => labels[label] === value);
}

/** How long another one is waited for when the one that was used goes; milliseconds. */
const WAIT_MS = 60_000;
const LOOK_MS = 250;

/**
 * One of the pods behind a noun, `first` to begin with, and another one when that can be used no longer: `moved` hears of
 * it in words, and of what could be used, and says whether that is so. Resolves when the signal aborts. Rejects with a NotDone when none is left.
 */
export async function stayBehind(
  noun: Noun,
  first: Replica,
  fleet: Fleet,
  moved: (why: string, to: Replica | null) => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  let now: Replica | null = first;
  let why = '';
  let since = 0;
  while (!signal.aborted) {
    const usable = usableBehind(noun, fleet);
    if (now && !usable.some(({ uid }) => uid === now?.uid)) {
      why = reasonOf(now, fleet);
      since = fleet.now();
      now = null;
      if (noun.kind === 'replica') throw new NotDone('failed', why);
      await moved(why, null);
    }
    if (now === null) {
      const [next] = usable;
      if (next && (await moved(why, next))) now = next;
      else if (fleet.now() - since > WAIT_MS) {
        throw new NotDone('failed', `${why}, and no other pod of ${noun.name} got ready within ${WAIT_MS / 1000} s`);
      }
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

function reasonOf({ id, uid, name }: Replica, fleet: Fleet): string {
  const found = fleet.get('replica', id);
  if (!found) return `${name} is gone`;
  if (found.uid !== uid) return `${name} is another one now`;
  return found.wanted === 'gone' ? `${name} is being ended` : `${name} is not ready any more`;
}
