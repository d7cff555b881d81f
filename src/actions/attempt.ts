import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, Proof } from '../model/deed.ts';
import { TroubleError } from '../model/trouble.ts';
import { type Client, Refusal } from '../sources/client.ts';
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
}

const MOST_REBASES = 5;
const PROOF_TRIES = 10;
const BETWEEN_PROOFS_MS = 1_000;

/**
 * Sends one write. When somebody else was quicker the object is looked at again: as long as nothing has changed on which
 * the plan rests, the write is made anew on top. Throws a NotDone.
 */
export async function attempt(edit: Edit, proofs: Proof[], { client, permit, signal }: Attempt): Promise<void> {
  let object = edit.seen;
  for (let tries = 0; ; tries++) {
    try {
      await client.send(permit, edit.write(object), signal);
      return;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!error.isConflict || tries >= MOST_REBASES) return settle(error, proofs, client, signal);
      object = await client.get(edit.path, signal).catch(later => {
        throw new NotDone('refused', `it changed meanwhile, and cannot be read: ${why(later)}`, later);
      });
      const moved = edit.moved(object);
      if (moved !== null) throw new NotDone('refused', moved, error);
    }
  }
}

/** What became of a write that was answered by anything but success: the system itself is asked where nobody knows. */
async function settle(refusal: Refusal, proofs: Proof[], client: Client, signal: AbortSignal): Promise<void> {
  if (refusal.answer === 'unsent') throw new NotDone('failed', `never sent: ${why(refusal)}`, refusal);
  if (refusal.answer === 'no' && (refusal.status ?? 0) < 500) throw new NotDone('refused', why(refusal), refusal);
  if (refusal.answer === 'no' && client.rehearse === undefined) throw new NotDone('refused', why(refusal), refusal);
  for (let tries = 0; tries < PROOF_TRIES && !signal.aborted; tries++) {
    const found = await prove(proofs, client, signal);
    if (found === true) return;
    // The system answers and does not have it: an answer that was lost on the way back would have left a trace.
    if (found === false && tries >= 2) throw new NotDone('failed', `it did not take effect: ${why(refusal)}`, refusal);
    await sleep(BETWEEN_PROOFS_MS, undefined, { signal }).catch(() => {});
  }
  throw new NotDone('unknown', `no answer, and it cannot be asked what became of it: ${why(refusal)}`, refusal);
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
