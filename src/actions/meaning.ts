import type { Risk } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import { differences, type Foreseen } from './foreseen.ts';
import type { Verb } from './verb.ts';

/** A verb that something amounts to, whatever it is called, and the noun that it is done to. */
export interface Meaning {
  verb: string;
  noun: Noun;
  risk: Risk;
}

/**
 * What changes of objects amount to, by the parts of them that verbs are about: an edit that changes the number of
 * replicas scales.
 *
 * @param nounAt the noun that the system keeps at this path; undefined: none that is watched
 */
export function meaningsOf(
  changes: readonly Foreseen[],
  verbs: readonly Verb[],
  target: Noun,
  nounAt: (path: string) => Noun | undefined,
): Meaning[] {
  return changes.flatMap(change => {
    const found = nounAt(change.path);
    const noun = found ?? target;
    return verbs.flatMap(({ name: verb, kinds, parts = [] }): Meaning[] => {
      if (found && !kinds.includes(found.kind)) return [];
      return parts.flatMap(({ at, to: wanted, risk }) =>
        differences(change, at)
          .filter(({ to }) => wanted === undefined || wanted.includes(to))
          .map(({ from, to }) => ({ verb, noun, risk: risk?.(from, to) ?? 'safe' })),
      );
    });
  });
}

const RISKS = ['safe', 'disruptive', 'destructive'] as const;

export function riskiest(risks: readonly Risk[]): Risk {
  return RISKS.findLast(risk => risks.includes(risk)) ?? 'safe';
}
