import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, Refusal } from '../sources/client.ts';
import { NotDone, why } from './attempt.ts';
import { type PodOn, uidsOn } from './pods-on.ts';
import { counted } from './room.ts';
import type { Steps } from './verb.ts';

interface Place {
  node: string;
  client: Client;
  /** Milliseconds since 1970. */
  now(): number;
  limitMs: number;
}

const EVERY_MS = 1_000;
/** What the eviction API asks for where it says nothing else (kubectl pkg/drain). */
const RETRY_MS = 5_000;

/**
 * Evicts pods and waits until they have left the node. One that a disruption budget holds back is asked for again, as
 * often as the API says. Throws a NotDone when what is left will not go, or has not gone within the limit.
 */
export async function evictAll(
  pods: readonly PodOn[],
  { node, client, now, limitMs }: Place,
  steps: Steps,
): Promise<void> {
  const begun = now();
  const due = new Map(pods.filter(({ leaving }) => !leaving).map(pod => [pod.uid, 0]));
  const held = new Map<string, string>();
  const never = new Set<string>();
  let left = [...pods];
  const words = () => `${pods.length - left.length} of ${pods.length} moved${reasons(left, held)}`;
  for (;;) {
    for (const pod of left) {
      if ((due.get(pod.uid) ?? Number.POSITIVE_INFINITY) > now()) continue;
      if (steps.signal.aborted) throw new NotDone('unknown', `cut short: ${words()}`);
      const answer = await evict(pod, steps);
      held.delete(pod.uid);
      if (answer.state === 'told') due.delete(pod.uid);
      else held.set(pod.uid, answer.words);
      if (answer.state === 'later') due.set(pod.uid, now() + answer.afterMs);
      if (answer.state === 'never') {
        due.delete(pod.uid);
        never.add(pod.uid);
      }
    }
    left = await stillThere(left, node, client, steps.signal);
    steps.tell(words());
    if (left.length === 0) return;
    if (left.every(({ uid }) => never.has(uid))) throw new NotDone('failed', `${words()}; the node stays cordoned`);
    if (now() - begun > limitMs) {
      const minutes = counted(Math.round(limitMs / 60_000), 'minute');
      throw new NotDone('failed', `${words()} after ${minutes}; the node stays cordoned`);
    }
    await sleep(EVERY_MS, undefined, { signal: steps.signal }).catch(() => {});
    if (steps.signal.aborted) throw new NotDone('unknown', `cut short: ${words()}`);
  }
}

type Answer =
  | { state: 'told' }
  | { state: 'later'; afterMs: number; words: string }
  | { state: 'never'; words: string };

/** Only this very pod: another one under its name has another uid. */
async function evict({ path, namespace, name, uid, budgets }: PodOn, { send }: Steps): Promise<Answer> {
  try {
    await send({
      method: 'POST',
      path: `${path}/eviction`,
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace },
        deleteOptions: { preconditions: { uid } },
      },
    });
    return { state: 'told' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, answer, retryAfterMs } = error;
    if (answer !== 'no') return { state: 'later', afterMs: RETRY_MS, words: why(error) };
    // It is gone, or another one stands under its name.
    if (status === 404 || status === 409) return { state: 'told' };
    if (status === 429) return { state: 'later', afterMs: retryAfterMs ?? RETRY_MS, words: heldBy(budgets, error) };
    return { state: 'never', words: why(error) };
  }
}

function heldBy(budgets: PodOn['budgets'], error: Refusal): string {
  if (budgets.length === 0) return why(error);
  return `waits for budget ${budgets.map(({ name }) => name).join(', ')}`;
}

/** A list that cannot be had says nothing about who has left. */
async function stillThere(left: PodOn[], node: string, client: Client, signal: AbortSignal): Promise<PodOn[]> {
  try {
    const there = await uidsOn(node, client, signal);
    return left.filter(({ uid }) => there.has(uid));
  } catch (error) {
    if (error instanceof Refusal && error.answer !== 'no') return left;
    throw error;
  }
}

const TOLD = 3;

/** "; web-1, web-2: waits for budget web" */
function reasons(left: readonly PodOn[], held: ReadonlyMap<string, string>): string {
  const byWords = Map.groupBy(
    left.filter(({ uid }) => held.has(uid)),
    ({ uid }) => held.get(uid) ?? '',
  );
  return [...byWords]
    .map(([words, pods]) => {
      const names = pods.slice(0, TOLD).map(({ name }) => name);
      const more = pods.length > TOLD ? ` and ${pods.length - TOLD} more` : '';
      return `; ${names.join(', ')}${more}: ${words}`;
    })
    .join('');
}
