import type { Proof } from '../model/deed.ts';
import { type Client, Refusal, type Write } from '../sources/client.ts';
import { NotDone, settle, why } from './attempt.ts';
import type { Steps } from './verb.ts';

/**
 * Sends one step. Throws a NotDone that says what became of it, with the Refusal as its cause. Where no answer comes, the
 * proofs are looked for; null when they are found.
 */
export async function sendStep(
  { send, signal }: Steps,
  write: Write,
  { client, proofs }: { client: Client; proofs: Proof[] } | { client?: never; proofs?: never } = {},
): Promise<unknown> {
  try {
    return await send(write);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.answer === 'unsent') throw new NotDone('failed', `never sent: ${why(error)}`, error);
    if (error.answer === 'no') throw new NotDone('refused', why(error), error);
    if (!client) throw new NotDone('unknown', `no answer: ${why(error)}`, error);
    await settle(error, proofs, { client, signal });
    return null;
  }
}
