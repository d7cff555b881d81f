import type { FieldContext, Subject } from '../filter/fields.ts';
import { parseFilter } from '../filter/filter.ts';
import type { Risk } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';

/** A rule of the profile about what may be done to what. Of several that match, the strictest of each counts. */
export interface GuardRule {
  /** Verbs that it is about; all when left out. */
  verbs?: string[] | undefined;
  /** What it is about, in the language of the filter; everything when left out. */
  when?: string | undefined;
  /** It must not be done at all; the sentence says why. */
  deny?: string | undefined;
  /** `y`, or the target's name, must be typed. */
  confirm?: 'y' | 'name' | undefined;
  /** A reason must be given. */
  reason?: boolean | undefined;
  /** At most so many targets at once. */
  atMost?: number | undefined;
}

/** What has to be answered before an action is carried out. */
export interface Needs {
  /** `name`: the target's name, typed. */
  confirm: 'none' | 'y' | 'name';
  reason: boolean;
  /** Why what is known is not fresh, so that it has to be said that it is to be done anyway. */
  anyway: string | null;
  /** Why nothing of it will stand in the journal; null: it will. */
  unrecorded: string | null;
}

export interface Guarded {
  denied: string | null;
  confirm: Needs['confirm'];
  reason: boolean;
}

const BY_RISK: Record<Risk, Needs['confirm']> = { safe: 'none', disruptive: 'y', destructive: 'name' };
const STRICTNESS = ['none', 'y', 'name'] as const;

interface Asked {
  verb: string;
  noun: Noun;
  risk: Risk;
  means?: readonly { verb: string; noun: Noun }[];
  together: number;
  fields: FieldContext;
}

/**
 * @param means what it amounts to beside its own verb: a rule binds whatever does the same
 * @param together how many targets are acted upon at once
 */
export function guard(rules: readonly GuardRule[], { verb, noun, risk, means = [], together, fields }: Asked): Guarded {
  const acts = [{ verb, noun }, ...means];
  const matching = rules.filter(({ verbs, when }) => {
    const filter = when === undefined ? null : parseFilter(when, fields);
    return acts.some(act => (verbs?.includes(act.verb) ?? true) && (filter?.test(act.noun as Subject) ?? true));
  });
  const tooMany = matching.find(({ atMost }) => atMost !== undefined && together > atMost);
  const denied = matching.find(({ deny }) => deny !== undefined);
  return {
    denied: denied?.deny ?? (tooMany ? `at most ${tooMany.atMost} at once, by the profile's guard rules` : null),
    confirm: strictest([BY_RISK[risk], ...matching.map(({ confirm }) => confirm ?? 'none')]),
    reason: matching.some(({ reason }) => reason === true),
  };
}

function strictest(all: Needs['confirm'][]): Needs['confirm'] {
  return STRICTNESS.findLast(one => all.includes(one)) ?? 'none';
}
