import { randomUUID } from 'node:crypto';
import type { FieldContext } from '../filter/fields.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Input, Proof } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import type { Client } from '../sources/client.ts';
import { rehearsed, why } from './attempt.ts';
import { type Foreseen, foreseen } from './foreseen.ts';
import type { Groups } from './groups.ts';
import { type GuardRule, guard } from './guard.ts';
import { type Meaning, meaningsOf, riskiest } from './meaning.ts';
import type { Proposal } from './proposal.ts';
import { proofsBetween, uidOf } from './prove.ts';
import type { Rights } from './rights.ts';
import { type Edit, type Plan, type Stacks, Unfit, type Verb } from './verb.ts';
import { VERBS } from './verbs.ts';

/** What a proposal is made with. */
export interface Means {
  fleet: Fleet;
  fields: FieldContext;
  rules: readonly GuardRule[];
  rights: Rights;
  groups: Groups;
  stacks: Stacks;
  /** Folder for texts that ways back need; null where none are kept. */
  texts: string | null;
  readOnly: boolean;
  /** Why nothing would be recorded, where that is allowed; null: it is. */
  notRecorded(): string | null;
  /** Seconds that a verb took on a target until it was done, the last times. */
  usual(verb: string, target: string): readonly number[];
  /** What others have begun on it and not ended, in sentences. */
  meanwhile(noun: Noun): readonly string[];
}

/** Where a noun is, in the system that it is of. Throws an Unfit where there is no connection. */
export function wayTo({ source, kind, id, name }: Noun, fleet: Fleet): { client: Client; path: string } {
  const from = fleet.source(source);
  const client = from?.client?.() ?? null;
  const path = from?.pathOf?.(kind, id) ?? null;
  if (!client) throw new Unfit(`${source} has no connection to act through yet`);
  if (path === null) throw new Unfit(`${name} is not found in ${source} any more`);
  return { client, path };
}

/**
 * What would be done, with all that speaks against it. Reads, and lets the system rehearse; changes nothing. Throws an
 * InputError, an Unfit or a Refusal.
 *
 * @param together how many targets are to be acted upon at once
 */
export async function propose(
  verb: Verb,
  noun: Noun,
  input: Input,
  together: number,
  { fleet, fields, rules, rights, groups, stacks, texts, readOnly, notRecorded, usual, meanwhile }: Means,
  signal: AbortSignal,
): Promise<Proposal> {
  const unfit = verb.unfit(noun);
  // What is known may be older than what was done a moment ago and is to be taken back: the plan looks at the object.
  if (unfit !== null && input.undoes === undefined) throw new Unfit(unfit);
  if (verb.single && together > 1) throw new Unfit(`${verb.name} is for one target at a time`);
  const { client, path } = wayTo(noun, fleet);
  const object = await client.get(path, signal);
  // Another one under the same name is not what was under the cursor.
  if (noun.uid !== null && uidOf(object) !== noun.uid) throw new Unfit(replaced(noun, object, fleet.now()));
  const subject = { noun, path, object, client, fleet, stacks, groups, texts, now: fleet.now(), signal };
  const planned = await verb.plan(subject, input);
  const denied = readOnly ? 'read-only: nothing is written' : await rights.forbidden(client, planned.rights, signal);
  const { rehearsal, changes } = await rehearse(planned, denied === null ? client : null, signal);
  const means = meaningsOf([...changes, ...(planned.comesTo ?? [])], VERBS, noun, pathOf =>
    nounAt(pathOf, noun.source, fleet),
  );
  const plan = riskAsMeant({ ...planned, proofs: planned.proofs ?? changes.flatMap(proofsOf) }, verb, means);
  const guarded = guard(rules, { verb: verb.name, noun, risk: plan.risk, means, together, fields });
  const unrecorded = notRecorded();
  return {
    id: randomUUID(),
    verb,
    noun: { ...noun },
    input,
    plan: { ...plan, notes: [...meanwhile(noun), ...plan.notes] },
    client: plan.through ?? client,
    needs: {
      confirm: guarded.confirm,
      reason: guarded.reason || unrecorded !== null,
      anyway: notFresh(noun, fleet),
      unrecorded,
    },
    refused: guarded.denied ?? denied,
    rehearsal,
    usual: plan.session ? [] : usual(verb.name, noun.id),
  };
}

/** What the system says to the writes, and what they come to: as it says where it can be asked, else as they themselves do. */
async function rehearse(
  { edits }: Pick<Plan, 'edits'>,
  client: Client | null,
  signal: AbortSignal,
): Promise<{ rehearsal: Proposal['rehearsal']; changes: Foreseen[] }> {
  const changes: Foreseen[] = [];
  let rehearsal: Proposal['rehearsal'] =
    client?.rehearse && edits.length > 0 ? { ok: true, words: 'ok (dry run)' } : null;
  for (const edit of edits) {
    let own = foreseen(edit);
    let said: unknown = null;
    try {
      if (rehearsal?.ok && client) {
        const tried = await rehearsed(edit, client, signal);
        said = tried.said;
        own = foreseen({ ...edit, seen: tried.seen });
      }
    } catch (error) {
      rehearsal = { ok: false, words: why(error) };
    }
    if (own) changes.push(isOf(edit, said) ? { ...own, after: said } : own);
  }
  return { rehearsal, changes };
}

function proofsOf({ path, before, after }: Foreseen): Proof[] {
  return proofsBetween(path, before, after);
}

/** Whether an answer is the object itself, and not a word about it. */
function isOf({ seen }: Edit, answer: unknown): boolean {
  return uidOf(answer) !== null && uidOf(answer) === uidOf(seen);
}

/** What means as much as another verb is as risky as that one. */
function riskAsMeant(plan: Plan, { name }: Verb, means: readonly Meaning[]): Plan {
  const risk = riskiest([plan.risk, ...means.map(meaning => meaning.risk)]);
  if (risk === plan.risk) return plan;
  const cause = means.find(meaning => meaning.risk === risk && meaning.verb !== name);
  return {
    ...plan,
    risk,
    notes: [...plan.notes, ...(cause ? [`${risk}, as ${cause.verb} of ${cause.noun.name}`] : [])],
  };
}

/** The kinds of which verbs name parts. */
const PARTED = ['workload', 'node'] as const;

function nounAt(path: string, source: string, fleet: Fleet): Noun | undefined {
  const from = fleet.source(source);
  for (const kind of PARTED) {
    for (const noun of fleet.all(kind).values()) {
      if (noun.source === source && from?.pathOf?.(kind, noun.id) === path) return noun;
    }
  }
  return undefined;
}

function notFresh({ source }: Noun, fleet: Fleet): string | null {
  const state = fleet.sources().find(({ name }) => name === source);
  if (state?.phase === 'live') return null;
  return `${source} is ${state?.phase ?? 'unknown'}${state?.trouble ? ` (${state.trouble.why})` : ''}`;
}

function replaced({ name }: Noun, object: unknown, now: number): string {
  const meta = (object as { metadata?: { creationTimestamp?: string }; CreatedAt?: string } | null) ?? {};
  const born = Date.parse(meta.metadata?.creationTimestamp ?? meta.CreatedAt ?? '');
  const age = Number.isNaN(born) ? '' : `, born ${Math.max(0, Math.round((now - born) / 1000))} s ago`;
  return `${name} is another one now${age}`;
}
