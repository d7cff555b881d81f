import type { Action, Gateway } from './gateway.ts';
import type { Consent, Proposal } from './proposal.ts';
import { Queue } from './queue.ts';

/** What one target of several came to; not begun ones are left out. */
export type Results = Action[];

interface How {
  keepGoing: boolean;
  /** The batch that was cut off, and whose rest this is. */
  resumes?: string | null;
  signal: AbortSignal;
}

/**
 * Carries several proposals out, one after the other, each with the same consent; who typed what stands for all has
 * typed each name. Stops after the first that is not done, unless `keepGoing`, and when it is called off. Never throws.
 */
export async function carryOutAll(
  gateway: Gateway,
  proposals: readonly Proposal[],
  consent: Consent,
  { keepGoing, resumes = null, signal }: How,
): Promise<Results> {
  const [first] = proposals;
  if (!first) return [];
  const nouns = proposals.map(({ noun }) => noun);
  const queue = nouns.length > 1 || resumes !== null ? new Queue(first.verb, first.input, nouns, resumes) : null;
  const results: Results = [];
  for (const proposal of proposals) {
    if (signal.aborted || queue?.calledOff) break;
    const name = consent.name === phraseFor(proposals) ? phraseFor([proposal]) : consent.name;
    const action = await gateway.carryOut(proposal, { ...consent, name }, signal, queue);
    results.push(action);
    if (action.outcome !== 'done' && !keepGoing) break;
  }
  if (queue) gateway.leave(queue);
  return results;
}

/** What has to be typed for what is destructive: the name, or for several how many they are. */
export function phraseFor(proposals: readonly Proposal[]): string {
  const [first] = proposals;
  return proposals.length === 1 && first
    ? (first.plan.phrase ?? first.noun.name)
    : `${proposals.length} ${(first?.noun.kind ?? '').replace(/y$/, 'ie')}s`;
}
