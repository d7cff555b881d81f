import type { Action, Gateway } from './gateway.ts';
import type { Consent, Proposal } from './proposal.ts';

/** What one target of several came to; not begun ones are left out. */
export type Results = Action[];

/**
 * Carries several proposals out, one after the other, each with the same consent; who typed what stands for all has
 * typed each name. Stops after the first that is not done, unless `keepGoing`. Never throws.
 */
export async function carryOutAll(
  gateway: Gateway,
  proposals: readonly Proposal[],
  consent: Consent,
  { keepGoing, signal }: { keepGoing: boolean; signal: AbortSignal },
): Promise<Results> {
  const results: Results = [];
  for (const [index, proposal] of proposals.entries()) {
    if (signal.aborted) break;
    gateway.waiting = proposals.length - 1 - index;
    const name = consent.name === phraseFor(proposals) ? phraseFor([proposal]) : consent.name;
    const action = await gateway.carryOut(proposal, { ...consent, name }, signal);
    results.push(action);
    if (action.outcome !== 'done' && !keepGoing) break;
  }
  gateway.waiting = 0;
  return results;
}

/** What has to be typed for what is destructive: the name, or for several how many they are. */
export function phraseFor(proposals: readonly Proposal[]): string {
  const [first] = proposals;
  return proposals.length === 1 && first
    ? (first.plan.phrase ?? first.noun.name)
    : `${proposals.length} ${first?.noun.kind ?? ''}s`;
}
