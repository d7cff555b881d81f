import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, Proof } from '../model/deed.ts';
import { TroubleError } from '../model/trouble.ts';
import { type Client, Refusal, type Write } from '../sources/client.ts';
import type { Permit } from '../sources/permit.ts';
import { prove } from './prove.ts';
import type { Edit } from './verb.ts';

/** A write that did not come to be, and how it is to be told. */
export class NotDone extends Error {
  override name = 'NotDone';
  readonly outcome: Exclude<Outcome, 'done'>;

  constructor(outcome: Exclude<Outcome, 'done'>, words: string, cause?: unknown) {
    super(words, { cause });
    this.outcome = outcome;
  }
}

interface Attempt {
  client: Client;
  permit: Permit;
  signal: AbortSignal;
  /** Between two looks for what became of it, milliseconds. */
  proofMs?: number | undefined;
}

const MOST_REBASES = 5;
const PROOF_TRIES = 10;
/** Of what the system gave up to wait for: the managers of a swarm have been seen to do it half a minute later. */
const MORE_PROOF_TRIES = 45;
const BETWEEN_PROOFS_MS = 1_000;
/** What the managers of a swarm say among themselves (gRPC status codes): it may be done all the same. */
const GAVE_UP = /code = (DeadlineExceeded|Unavailable|Canceled|Aborted)\b|context (deadline exceeded|canceled)/;

/** Sends one write, and finds out what became of it. Throws a NotDone. */
export async function attempt(
  edit: Edit,
  proofs: Proof[],
  { client, permit, signal, proofMs }: Attempt,
): Promise<void> {
  try {
    await overtaking(edit, client, signal, write => client.send(permit, write, signal));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await settle(error, proofs, { client, signal, proofMs });
  }
}

/** Has the system rehearse one write: what it said, and of which object. Throws a Refusal or a NotDone. */
export function rehearsed(edit: Edit, client: Client, signal: AbortSignal): Promise<{ said: unknown; seen: unknown }> {
  return overtaking(edit, client, signal, async write => client.rehearse?.(write, signal));
}

/**
 * When somebody else was quicker the object is looked at again: as long as nothing has changed on which the plan rests,
 * the write is made anew on top. Throws a NotDone when something has, else what `send` throws.
 */
async function overtaking(
  edit: Edit,
  client: Client,
  signal: AbortSignal,
  send: (write: Write) => Promise<unknown>,
): Promise<{ said: unknown; seen: unknown }> {
  const look = async () => {
    const object = await client.get(edit.path, signal).catch(error => {
      if (edit.seen === null && error instanceof Refusal && error.status === 404) return null;
      const isNo = error instanceof Refusal && error.answer === 'no';
      throw new NotDone(isNo ? 'refused' : 'failed', `nothing was written, as it cannot be read: ${why(error)}`, error);
    });
    const moved = edit.moved(object);
    if (moved !== null) throw new NotDone('refused', moved);
    return object;
  };
  let object = edit.isBlind ? await look() : edit.seen;
  for (let tries = 0; ; tries++) {
    try {
      return { said: await send(edit.write(object)), seen: object };
    } catch (error) {
      if (!(error instanceof Refusal) || !error.isConflict || tries >= MOST_REBASES) throw error;
      object = await look();
    }
  }
}

/** What became of a write that was answered by anything but success: the system itself is asked where nobody knows. */
export async function settle(
  refusal: Refusal,
  proofs: Proof[],
  { client, signal, proofMs = BETWEEN_PROOFS_MS }: Omit<Attempt, 'permit'>,
): Promise<void> {
  if (refusal.answer === 'unsent') throw new NotDone('failed', `never sent: ${why(refusal)}`, refusal);
  if (refusal.answer === 'no' && (refusal.status ?? 0) < 500) throw new NotDone('refused', why(refusal), refusal);
  // An engine says 500 to nearly everything that it will not do, and to what it gave up to wait for.
  const gaveUp = GAVE_UP.test(why(refusal));
  if (refusal.answer === 'no' && client.rehearse === undefined && !gaveUp)
    throw new NotDone('refused', why(refusal), refusal);
  const most = gaveUp ? MORE_PROOF_TRIES : PROOF_TRIES;
  for (let tries = 0; proofs.length > 0 && tries < most && !signal.aborted; tries++) {
    const found = await prove(proofs, client, signal);
    if (found === true) return;
    // The system answers and does not have it: an answer that was lost on the way back would have left a trace.
    if (found === false && tries >= 2 && !gaveUp)
      throw new NotDone('failed', `it did not take effect: ${why(refusal)}`, refusal);
    await sleep(proofMs, undefined, { signal }).catch(() => {});
  }
  const words = gaveUp ? 'the system gave up to wait for it' : 'no answer, and it cannot be asked what became of it';
  throw new NotDone('unknown', `${words}: ${why(refusal)}`, refusal);
}

/** What came after something had been done already is no refusal any more: not nothing has changed. */
export function partly(error: unknown, done: string): unknown {
  if (!(error instanceof NotDone)) return error;
  return new NotDone(error.outcome === 'refused' ? 'failed' : error.outcome, `${done}; then: ${error.message}`, error);
}

export function why(error: unknown): string {
  if (error instanceof TroubleError) return error.trouble.why;
  return error instanceof Error ? error.message : String(error);
}
