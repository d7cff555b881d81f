import { hostname } from 'node:os';
import type { Batch, Doer, Input, Intent, Target } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import type { Happening } from '../model/event.ts';
import { maskText } from '../model/secrets.ts';
import type { Action } from './gateway.ts';
import type { Consent, Proposal } from './proposal.ts';
import type { Queue } from './queue.ts';
import type { Plan, Verb } from './verb.ts';

/** Who acts, and on what kind of platform. */
export interface Who {
  operator: string;
  sshClient: string | null;
  demo: boolean;
}

/** What the journal keeps of a proposal before it is carried out. */
export function intentOf(
  { id, noun, verb, input, plan, client }: Proposal,
  { reason }: Consent,
  { operator, sshClient, demo }: Who,
  batch: string | null,
  now: number,
): Intent {
  return {
    id,
    at: now,
    operator,
    sshClient,
    demo,
    system: client.target,
    identity: client.identity,
    verb: verb.name,
    input: masked(input),
    target: targetOf(noun),
    command: plan.command,
    risk: plan.risk,
    changes: plan.changes,
    reason: reason?.trim() || null,
    proofs: plan.proofs,
    ...(plan.through && { onEngine: true }),
    ...(plan.byCommand && { byCommand: true }),
    inverse: plan.inverse,
    batch,
    process: thisProcess(),
  };
}

/** What the journal keeps of several before the first is begun. */
export function batchOf({ id, verb, input, nouns, resumes }: Queue, { operator }: Who, now: number): Batch {
  return {
    id,
    at: now,
    operator,
    verb: verb.name,
    input: masked(input),
    targets: nouns.map(targetOf),
    resumes,
    process: thisProcess(),
  };
}

/** An action that has ended, as the feed tells it. */
export function happeningOf(
  { proposal: { id, noun, verb, plan }, outcome, words, endedAt }: Action,
  by: Who,
): Happening {
  return {
    key: `${OURSELVES}/deed/${id}`,
    at: endedAt ?? 0,
    severity: outcome === 'done' ? 'info' : outcome === 'failed' ? 'bad' : 'warn',
    source: noun.source,
    about: noun.id,
    subject: by.operator,
    reason: verb.name,
    message: `${subjectOf(noun, plan)}: ${outcome}${outcome === 'done' ? ',' : ':'} ${words}`,
  };
}

export const OURSELVES = 'quarterdeck';

/** "scale user-service 3 → 5" */
export function summary(noun: Noun, verb: Verb, plan: Plan): string {
  return `${verb.name} ${subjectOf(noun, plan)}`;
}

/** What is about a whole stack bears its name. */
function subjectOf(noun: Noun, { changes, phrase }: Plan): string {
  const name = phrase ?? noun.name;
  const [only, second] = changes;
  const change = only && !second ? `${only.from} → ${only.to}` : '';
  return change !== '' && change.length <= LONGEST_CHANGE ? `${name} ${change}` : name;
}

/** Letters. A longer one, such as of an image, stands in the journal: in a line it would push out how it ended. */
const LONGEST_CHANGE = 30;

function targetOf({ id, kind, name, source, uid, version }: Noun): Target {
  return { id, kind, name, source, uid, version };
}

function masked(input: Input): Input {
  return Object.fromEntries(Object.entries(input).map(([name, text]) => [name, maskText(text)]));
}

function thisProcess(): Doer {
  return { pid: process.pid, host: hostname() };
}
