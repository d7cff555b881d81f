import { createInterface } from 'node:readline/promises';
import type * as z from 'zod';
import { phraseFor } from '../actions/batch.ts';
import type { CutShort } from '../actions/cut-short.ts';
import { dropDraft } from '../actions/drafts.ts';
import type { Action, Gateway } from '../actions/gateway.ts';
import { type Consent, lacks, type Proposal } from '../actions/proposal.ts';
import { Queue } from '../actions/queue.ts';
import { NothingToDo, type Verb } from '../actions/verb.ts';
import { VERBS, verbNamed } from '../actions/verbs.ts';
import type { Input, Outcome } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { didYouMean } from '../text/nearest.ts';
import { type Options, UsageError } from './arguments.ts';
import type { Io } from './io.ts';
import { API_VERSION } from './items.ts';
import type { ActionResult } from './json-deeds.ts';
import { objectNamed } from './objects.ts';
import type { Session } from './session.ts';
import { NoTarget, targetOf } from './targets.ts';

/** `act VERB TARGET…`, read and checked before anything is asked. */
export interface Order {
  verb: Verb;
  targets: string[];
  input: Input;
}

type Result = z.output<typeof ActionResult>;

const CODES: Record<Outcome, number> = { done: 0, refused: 1, failed: 2, unknown: 3 };

/** Throws a UsageError. */
export function orderNamed([name = '', ...targets]: readonly string[], options: Options): Order {
  const verb = verbNamed(name);
  const names = VERBS.map(({ name }) => name);
  if (!verb)
    throw new UsageError(`there is no action "${name}"${didYouMean(name, names) || `; known: ${names.join(', ')}`}`);
  if (options.noJournal && !options.reason?.trim()) throw new UsageError('--no-journal needs --reason');
  if (targets.length === 0) throw new UsageError(`${name} what? quarterdeck act ${name} TARGET…`);
  return { verb, targets, input: Object.fromEntries(options.set.map(assignment)) };
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set takes NAME=VALUE, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Carries out an order on a session that has settled. The exit code is the worst of all targets. Throws a UsageError
 * where something is said that the verb does not take; nothing is begun then.
 */
export async function act(
  { gateway, fleet }: Pick<Session, 'gateway' | 'fleet'>,
  order: Order,
  options: Options,
  demo: boolean,
  io: Io,
): Promise<number> {
  const results: Result[] = [];
  const nouns: Noun[] = [];
  for (const word of order.targets) {
    try {
      nouns.push(
        order.verb.named?.(word, fleet) ??
          (order.verb.kinds.includes('object') ? await objectNamed(word, fleet, options.namespace) : null) ??
          targetOf(word, order.verb.kinds, fleet, options.namespace, noun => order.verb.unfit(noun) === null),
      );
    } catch (error) {
      if (!(error instanceof NoTarget)) throw error;
      results.push(refused(order, word, error.message));
      if (!options.json) io.err(`quarterdeck: ${error.message}\n`);
    }
  }
  for (const noun of nouns) refuseUnknown(order.verb, noun, order.input);
  if ((order.verb.session || order.verb.single) && nouns.length > 1)
    throw new UsageError(`${order.verb.name} is for one target at a time`);
  // Which of several was mistyped is not for us to guess: nothing is begun.
  if (results.length === 0) {
    const resumes = options.dryRun ? null : resumed(gateway, order, nouns);
    const several = !options.dryRun && (nouns.length > 1 || resumes !== null);
    const queue = several ? new Queue(order.verb, order.input, nouns, resumes) : null;
    for (const noun of nouns) {
      if (io.signal.aborted) break;
      const result = await one(gateway, order, noun, queue, options, io);
      results.push(result);
      if (result.outcome !== 'done' && !options.keepGoing) break;
    }
    if (queue) gateway.leave(queue);
  }
  if (options.json) {
    const marked = results.map(result => ({ ...result, ...(demo && { demo }) }));
    const output =
      order.targets.length === 1 ? marked[0] : { apiVersion: API_VERSION, kind: 'ActionResultList', items: marked };
    io.out(`${JSON.stringify(output, null, 2)}\n`);
  }
  return Math.max(...results.map(({ outcome, exitCode }) => exitCode ?? CODES[outcome]));
}

/** The batch that was cut short, and whose rest is done now. */
function resumed(gateway: Gateway, { verb }: Order, nouns: readonly Noun[]): string | null {
  const ids = new Set(nouns.map(({ id }) => id));
  const isRest = ({ batch, left }: CutShort) =>
    batch.verb === verb.name && left.length > 0 && left.every(({ id }) => ids.has(id));
  return gateway.cutShort().find(isRest)?.batch.id ?? null;
}

async function one(
  gateway: Gateway,
  { verb, input }: Order,
  noun: Noun,
  queue: Queue | null,
  options: Options,
  io: Io,
): Promise<Result> {
  // What a command prints that is run there has standard output for itself.
  const say = (line: string) => {
    if (!options.json) (verb.session ? io.err : io.out)(`${line}\n`);
  };
  try {
    const fields = Object.fromEntries((verb.fields?.(noun) ?? []).map(({ name, initial }) => [name, initial]));
    const asked = await edited(gateway, verb, noun, { ...fields, ...input }, options, io);
    const proposal = await gateway.prepare(verb, noun, asked, io.signal, queue?.nouns.length);
    for (const line of told(proposal)) say(line);
    if (options.dryRun) return resultOf(proposal, ...rehearsed(proposal), options, null);
    const consent = await consentOf(proposal, options, io);
    const missing = lacks(proposal, consent);
    if (missing !== null) {
      const words = `${missing}${hintFor(proposal, options)}`;
      say(`  refused: ${words}`);
      return resultOf(proposal, 'refused', words, options, null);
    }
    const unsubscribe = gateway.subscribe(() => progress(gateway, proposal, options, io));
    const action = await gateway.carryOut(proposal, consent, io.signal, queue);
    unsubscribe();
    say(`  ${action.outcome}: ${action.words}`);
    if (asked.file !== undefined && asked.file !== input.file) await endDraft(asked.file, action, say);
    return resultOf(proposal, action.outcome ?? 'unknown', action.words, options, action);
  } catch (error) {
    const why = printable(error instanceof Error ? error.message : String(error));
    const outcome = error instanceof NothingToDo ? 'done' : 'refused';
    say(`${verb.name} ${noun.name}\n  ${outcome}: ${why}`);
    return { ...refused({ verb, input, targets: [] }, noun.id, why), outcome, dryRun: options.dryRun };
  }
}

/** On a terminal an edit without a file opens the editor. */
async function edited(
  gateway: Gateway,
  verb: Verb,
  noun: Noun,
  input: Input,
  { json }: Options,
  io: Io,
): Promise<Input> {
  if (verb.name !== 'edit' || input.file?.trim() || json || !io.isInteractive) return input;
  const file = await gateway.draft(noun, io.signal);
  if (file === null) throw new Error('nothing was changed');
  io.err(`  the text is kept in ${file} until it is taken\n`);
  return { ...input, file };
}

/** The text that was taken goes; the one that was not is named. */
async function endDraft(file: string, { outcome }: Action, say: (line: string) => void): Promise<void> {
  if (outcome === 'done') await dropDraft(file);
  else say(`  the text is kept in ${file}`);
}

function refuseUnknown(verb: Verb, noun: Noun, input: Input): void {
  const known = (verb.fields?.(noun) ?? []).map(({ name }) => name);
  const stranger = Object.keys(input).find(name => !known.includes(name));
  if (stranger === undefined) return;
  throw new UsageError(
    `${verb.name} takes no ${stranger} for ${noun.name}${didYouMean(stranger, known) || (known.length > 0 ? `; it takes ${known.join(', ')}` : '')}`,
  );
}

function told({ verb, noun, plan, rehearsal, needs }: Proposal): string[] {
  return [
    `${verb.name} ${plan.phrase ?? noun.name} (${noun.id})`,
    ...plan.changes.map(({ what, from, to }) => `  ${what}: ${from} → ${to}`),
    `  ${plan.command}`,
    ...plan.notes.map(note => `  ${note}`),
    ...(rehearsal ? [`  the server says: ${rehearsal.words}`] : []),
    ...(needs.anyway === null ? [] : [`  not fresh: ${needs.anyway}`]),
    ...(needs.unrecorded === null ? [] : [`  not recorded: ${needs.unrecorded}`]),
  ];
}

function rehearsed({ refused, rehearsal }: Proposal): [Outcome, string] {
  if (refused !== null) return ['refused', refused];
  if (rehearsal?.ok === false) return ['refused', rehearsal.words];
  return ['done', rehearsal ? rehearsal.words : 'it could be done; this system knows no dry run of its own'];
}

/** Flags answer; where one is missing, a terminal is asked. */
async function consentOf(proposal: Proposal, options: Options, io: Io): Promise<Consent> {
  const given: Consent = {
    yes: options.yes,
    name: options.confirm ?? undefined,
    reason: options.reason ?? undefined,
    anyway: options.anyway,
  };
  if (!io.isInteractive || options.json || proposal.refused !== null) return given;
  const { needs } = proposal;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const ask = (question: string) => terminal.question(question, { signal: io.signal });
    const answers: Consent = { ...given };
    if (needs.reason && !given.reason) answers.reason = await ask('  reason: ');
    if (needs.confirm === 'name') answers.name ??= await ask(`  type ${phraseFor([proposal])} to confirm: `);
    else if (!given.yes) answers.yes = (await ask('  do it? [y/N] ')).trim().toLowerCase() === 'y';
    return answers;
  } finally {
    terminal.close();
  }
}

/** The flag that would answer what is missing. */
function hintFor(proposal: Proposal, { yes, confirm, reason, anyway }: Options): string {
  const { needs, refused } = proposal;
  const phrase = phraseFor([proposal]);
  if (refused !== null) return '';
  if (needs.anyway !== null && !anyway) return ' (--anyway)';
  if (needs.reason && !reason) return ' (--reason "…")';
  if (needs.confirm === 'name' && confirm !== phrase) return ` (--confirm ${phrase})`;
  return yes ? '' : ' (--yes)';
}

const opened = new WeakSet<Action>();

function progress({ running }: Gateway, { id }: Proposal, { json }: Options, io: Io): void {
  const mine = running.find(({ proposal }) => proposal.id === id);
  if (mine?.proposal.plan.session) {
    // The address that a port got is asked for by scripts too; told once.
    if (mine.words !== 'sent' && !opened.has(mine)) io.err(`  ${mine.words}\n`);
    if (mine.words !== 'sent') opened.add(mine);
  } else if (mine && !json && io.isInteractive) io.err(`\r\x1b[K  ${mine.words} …\r`);
}

function resultOf(
  { id, verb, noun, plan }: Proposal,
  outcome: Outcome,
  reason: string,
  { dryRun }: Options,
  action: Action | null,
): Result {
  const side = (of: 'from' | 'to') => Object.fromEntries(plan.changes.map(change => [change.what, change[of]]));
  return {
    apiVersion: API_VERSION,
    kind: 'ActionResult',
    verb: verb.name,
    target: noun.id,
    command: plan.command,
    from: side('from'),
    to: side('to'),
    dryRun,
    outcome,
    reason,
    journalId: action?.recorded ? id : null,
    inverse: outcome === 'done' && !dryRun ? plan.inverse : null,
    ...(action && action.exitCode !== null && { exitCode: action.exitCode }),
  };
}

function refused({ verb }: Order, target: string, reason: string): Result {
  return {
    apiVersion: API_VERSION,
    kind: 'ActionResult',
    verb: verb.name,
    target,
    command: null,
    from: {},
    to: {},
    dryRun: false,
    outcome: 'refused',
    reason,
    journalId: null,
    inverse: null,
  };
}
