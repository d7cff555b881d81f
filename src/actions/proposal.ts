import type { Input } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import type { Client } from '../sources/client.ts';
import type { Needs } from './guard.ts';
import type { Plan, Verb } from './verb.ts';

/** What would be done to one target, as it stood when it was asked for: what a dialog shows and a consent is given to. */
export interface Proposal {
  id: string;
  verb: Verb;
  noun: Noun;
  input: Input;
  plan: Plan;
  client: Client;
  needs: Needs;
  /** Why it cannot be done whatever is answered: read-only, a guard rule, a missing right. */
  refused: string | null;
  /** What the system said to the rehearsal; null where it cannot be asked that. */
  rehearsal: { ok: boolean; words: string } | null;
  /** Seconds that it took until it was done, the last times. */
  usual: readonly number[];
}

/** The operator's answers. */
export interface Consent {
  /** `y`, or Enter where nothing more is needed. */
  yes: boolean;
  /** The target's name, as it was typed. */
  name?: string | undefined;
  reason?: string | undefined;
  /** Although what is known is not fresh. */
  anyway?: boolean | undefined;
}

/** What is still missing before it may be carried out; null: nothing. */
export function lacks({ refused, needs, noun, plan }: Proposal, { yes, name, reason, anyway }: Consent): string | null {
  if (refused !== null) return refused;
  if (needs.anyway !== null && !anyway) return `${needs.anyway}: say that it is to be done anyway`;
  if (needs.reason && !reason?.trim()) return 'a reason must be given';
  const phrase = plan.phrase ?? noun.name;
  if (needs.confirm === 'name' && name !== phrase) return `the name must be typed: ${phrase}`;
  // Who has typed the name has said yes.
  if (needs.confirm !== 'name' && !yes) return 'it was not confirmed';
  return null;
}
