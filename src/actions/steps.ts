import { Refusal, type Write } from '../sources/client.ts';
import { NotDone, why } from './attempt.ts';
import type { Steps } from './verb.ts';

/** Sends one step. Throws a NotDone that says what became of it. */
export async function sendStep({ send }: Steps, write: Write): Promise<unknown> {
  try {
    return await send(write);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.answer === 'unsent') throw new NotDone('failed', `never sent: ${why(error)}`, error);
    if (error.answer === 'no') throw new NotDone('refused', why(error), error);
    throw new NotDone('unknown', `no answer: ${why(error)}`, error);
  }
}
