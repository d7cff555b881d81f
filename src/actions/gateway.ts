import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FieldContext } from '../filter/fields.ts';
import { fieldContext } from '../fleet/field-context.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Deed, Input, Outcome } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import { maskText } from '../model/secrets.ts';
import { type Client, Refusal, type Right } from '../sources/client.ts';
import { Permit } from '../sources/permit.ts';
import { runCommand } from '../sources/run-command.ts';
import type { Journal } from '../store/journal.ts';
import { attempt, NotDone, partly, why } from './attempt.ts';
import type { Console } from './console.ts';
import { converge } from './converge.ts';
import type { Groups } from './groups.ts';
import { type GuardRule, guard } from './guard.ts';
import { type Consent, lacks, type Proposal } from './proposal.ts';
import { prove, uidOf } from './prove.ts';
import { seatFor } from './seat.ts';
import { type Plan, type Stacks, Unfit, type Verb } from './verb.ts';
import { VERBS } from './verbs.ts';

export interface GatewayOptions {
  fleet: Fleet;
  /** Asked for at each use: it is opened after the first frame. */
  journal(): Journal;
  rules: readonly GuardRule[];
  /** Workloads that belong together. */
  groups?: Groups | undefined;
  /** Nothing may be written; the reason is told with each refusal. */
  readOnly: boolean;
  operator: string;
  /** Address that the operator came from by SSH. */
  sshClient: string | null;
  demo: boolean;
  stacks?: Stacks | undefined;
  /** Where sessions run; absent where nobody sits. */
  console?: Console | undefined;
  /** Folder for texts that are edited; absent where nobody edits. */
  drafts?: string | undefined;
  /** For tests: how long convergence is waited for, and how often it is asked; milliseconds. */
  waits?: { limitMs?: number; everyMs?: number };
}

/** An action under way or ended. */
export interface Action {
  proposal: Proposal;
  startedAt: number;
  /** How far it has come, for the footer: "4 of 5 ready". */
  words: string;
  /** null while it runs. */
  outcome: Outcome | null;
  endedAt: number | null;
  /** Of what was run in a session. */
  exitCode: number | null;
  /** Ends a session; nothing else can be called off. */
  stop(): void;
}

/** Allowed or not is asked again after this. */
const RIGHTS_KEPT_MS = 30_000;
/** Ended actions that are still known, for the footer and the journal's screen. */
const KEPT_ENDED = 50;

/**
 * The one way to change anything, from every door. It knows what may be done, asks the system what it would say, keeps
 * the journal, writes with the identity and version that were shown, and watches until the system is where it should be.
 */
export class Gateway {
  readonly #on: GatewayOptions;
  readonly #fields: FieldContext;
  readonly #listeners = new Set<() => void>();
  readonly #rights = new Map<string, { at: number; answer: Promise<string | null> }>();
  readonly #busy = new Set<string>();
  readonly #life = new AbortController();
  #actions: Action[] = [];

  /** Targets of several that were asked for together and are not begun yet. */
  waiting = 0;

  constructor(options: GatewayOptions) {
    this.#on = options;
    this.#fields = fieldContext(options.fleet);
  }

  get journal(): Journal {
    return this.#on.journal();
  }

  get readOnly(): boolean {
    return this.#on.readOnly;
  }

  get groups(): Groups {
    return this.#on.groups ?? {};
  }

  /** Newest last. */
  get actions(): readonly Action[] {
    return this.#actions;
  }

  get running(): Action[] {
    return this.#actions.filter(({ outcome }) => outcome === null);
  }

  /** The sessions that run in the background: forwarded ports. */
  get background(): Action[] {
    return this.running.filter(({ proposal }) => proposal.plan.session?.background);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The verbs that there are for this noun, with the reason why one does not apply. */
  verbsFor(noun: Noun): { verb: Verb; unfit: string | null }[] {
    return VERBS.filter(({ kinds }) => kinds.includes(noun.kind)).map(verb => ({ verb, unfit: verb.unfit(noun) }));
  }

  /**
   * What would be done, with all that speaks against it. Reads, and lets the system rehearse; changes nothing. Throws an
   * InputError, an Unfit or a Refusal.
   *
   * @param together how many targets are to be acted upon at once
   */
  async prepare(
    verb: Verb,
    noun: Noun,
    input: Input,
    signal: AbortSignal,
    { together = 1, batch = null }: { together?: number; batch?: string | null } = {},
  ): Promise<Proposal> {
    const { fleet, rules } = this.#on;
    const unfit = verb.unfit(noun);
    // What is known may be older than what was done a moment ago and is to be taken back: the plan looks at the object.
    if (unfit !== null && input.undoes === undefined) throw new Unfit(unfit);
    const source = fleet.source(noun.source);
    const client = source?.client?.() ?? null;
    const path = source?.pathOf?.(noun.kind, noun.id) ?? null;
    if (!client || path === null) throw new Unfit(`${noun.source} has no connection to act through yet`);
    const object = await client.get(path, signal);
    // Another one under the same name is not what was under the cursor.
    if (noun.uid !== null && uidOf(object) !== noun.uid) throw new Unfit(replaced(noun, object, fleet.now()));
    const plan = await verb.plan(
      {
        noun,
        path,
        object,
        client,
        fleet,
        stacks: this.#on.stacks ?? {},
        groups: this.groups,
        now: fleet.now(),
        signal,
      },
      input,
    );
    const guarded = guard(rules, { verb: verb.name, noun, risk: plan.risk, together, fields: this.#fields });
    const refused = this.#on.readOnly
      ? 'read-only: nothing is written'
      : (guarded.denied ?? (await this.#forbidden(client, plan.rights, signal)));
    return {
      id: randomUUID(),
      verb,
      noun: { ...noun },
      input,
      plan,
      client: plan.through ?? client,
      needs: { confirm: guarded.confirm, reason: guarded.reason, anyway: this.#notFresh(noun) },
      refused,
      rehearsal: refused === null ? await rehearse(plan, client, signal) : null,
      usual: plan.session ? [] : this.journal.durations(verb.name, noun.id),
      batch,
    };
  }

  /**
   * Lets the operator edit the object as YAML. Resolves with the file for the verb `edit`, null when nothing was changed.
   * Writes nothing to the system. Throws an Unfit or a Refusal.
   */
  async draft(noun: Noun, signal: AbortSignal): Promise<string | null> {
    const { console, drafts, fleet, readOnly } = this.#on;
    const source = fleet.source(noun.source);
    const client = source?.client?.() ?? null;
    const path = source?.pathOf?.(noun.kind, noun.id) ?? null;
    if (readOnly) throw new Unfit('read-only: nothing is written');
    if (!client || path === null) throw new Unfit(`${noun.source} has no connection to act through yet`);
    if (!console || drafts === undefined) throw new Unfit('an editor needs a terminal');
    const { editDraft } = await import('./drafts.ts');
    return editDraft(noun, { client, path, console, folder: drafts, env: process.env }, signal);
  }

  /**
   * Carries it out and watches until the system is there. Never throws: the action says how it ended. Nothing happens
   * where the consent lacks something. When `signal` aborts no further step begins, and watching ends with `unknown`.
   */
  async carryOut(proposal: Proposal, consent: Consent, signal: AbortSignal): Promise<Action> {
    const stopping = new AbortController();
    const action: Action = {
      proposal,
      startedAt: this.#on.fleet.now(),
      words: 'sent',
      outcome: null,
      endedAt: null,
      exitCode: null,
      stop: () => stopping.abort(),
    };
    const missing = lacks(proposal, consent) ?? this.#notNow(proposal);
    if (missing !== null) return this.#end(action, 'refused', missing, false);
    const { id } = proposal.noun;
    const { session } = proposal.plan;
    if (!session) this.#busy.add(id);
    this.#actions = [...this.#actions.slice(-KEPT_ENDED), action];
    this.#changed();
    try {
      this.journal.begin(this.#intent(proposal, consent));
    } catch (error) {
      if (!session) this.#busy.delete(id);
      return this.#end(action, 'refused', `nothing was written: ${why(error)}`, false);
    }
    const permit = Permit.issue();
    try {
      const ends = [signal, this.#life.signal, ...(session ? [stopping.signal] : [])];
      const words = await this.#run(action, permit, AbortSignal.any(ends));
      return this.#end(action, 'done', words, true);
    } catch (error) {
      if (error instanceof NotDone) return this.#end(action, error.outcome, error.message, true);
      const unanswered =
        signal.aborted || this.#life.signal.aborted || (error instanceof Refusal && error.answer === 'none');
      return this.#end(action, unanswered ? 'unknown' : 'failed', why(error), true);
    } finally {
      permit.end();
      if (!session) this.#busy.delete(id);
    }
  }

  /**
   * No step begins any more, and what is under way is watched no longer: its deeds stay open in the journal, for whoever
   * looks at the system later. Returns whether there are any. Sessions are ended; see `sessionsEnded`.
   */
  end(): boolean {
    const cut = this.running.some(({ proposal }) => !proposal.plan.session);
    this.#life.abort();
    return cut;
  }

  /** Resolves when no session runs any more and the journal knows, after three seconds at the latest. */
  async sessionsEnded(): Promise<void> {
    const end = performance.now() + SESSIONS_END_MS;
    while (this.running.some(({ proposal }) => proposal.plan.session) && performance.now() < end) await sleep(20);
  }

  /** The last deed that can be taken back, and has not been. */
  lastUndoable(): Deed | null {
    const deeds = this.journal.deeds({ since: this.#on.fleet.now() - UNDOABLE_MS, limit: 100 });
    const undone = new Set(deeds.map(({ intent }) => intent.input.undoes));
    return (
      deeds.findLast(({ intent, ending }) => isUndoable(intent, ending?.outcome) && !undone.has(intent.id)) ?? null
    );
  }

  /** What would take a deed back. Throws an Unfit when the target has moved on since, else as `prepare`. */
  async prepareUndo({ intent }: Deed, signal: AbortSignal): Promise<Proposal> {
    const { fleet } = this.#on;
    const noun = fleet.get(intent.target.kind, intent.target.id);
    const verb = VERBS.find(({ name }) => name === intent.inverse?.verb);
    if (!intent.inverse || !verb) throw new Unfit(`${intent.verb} of ${intent.target.name} has no way back`);
    if (!noun) throw new Unfit(`${intent.target.name} is gone`);
    if (noun.uid !== intent.target.uid) throw new Unfit(`${intent.target.name} is another one now`);
    const client = fleet.source(noun.source)?.client?.();
    if (client && (await prove(intent.proofs, client, signal)) !== true) {
      throw new Unfit(`${noun.name} has moved on since: it is no longer as "${intent.command}" left it`);
    }
    return this.prepare(verb, noun, { ...intent.inverse.input, undoes: intent.id }, signal);
  }

  async #run(action: Action, permit: Permit, signal: AbortSignal): Promise<string> {
    const { proposal } = action;
    const { plan, client, usual } = proposal;
    const on = { client, permit, signal };
    const tell = (words: string) => {
      if (action.words === words) return;
      action.words = words;
      this.#changed();
    };
    if (plan.session) {
      const seat = seatFor({ client, permit, signal, tell, console: this.#on.console });
      const { words, exitCode } = await plan.session.run(seat);
      action.exitCode = exitCode;
      return words;
    }
    for (const [index, edit] of plan.edits.entries()) {
      signal.throwIfAborted();
      await attempt(edit, edit.proofs ?? plan.proofs, on).catch((error: unknown) => {
        throw index === 0 ? error : partly(error, `${index} of ${plan.edits.length} written`);
      });
    }
    await plan.follow?.({
      send: write => client.send(permit, write, signal),
      run: command => runCommand(permit, command, tell),
      tell,
      signal,
    });
    return converge(plan, { usual, tell, now: this.#on.fleet.now, since: action.startedAt, signal, ...this.#on.waits });
  }

  /** What is true only at the moment of writing. */
  #notNow({ noun }: Proposal): string | null {
    if (this.#on.readOnly) return 'read-only: nothing is written';
    if (this.#life.signal.aborted) return 'the program is ending';
    return this.#busy.has(noun.id) ? `another action on ${noun.name} is still running` : null;
  }

  #notFresh({ source }: Noun): string | null {
    const state = this.#on.fleet.sources().find(({ name }) => name === source);
    if (state?.phase === 'live') return null;
    return `${source} is ${state?.phase ?? 'unknown'}${state?.trouble ? ` (${state.trouble.why})` : ''}`;
  }

  async #forbidden(client: Client, rights: readonly Right[], signal: AbortSignal): Promise<string | null> {
    if (!client.forbids) return null;
    for (const right of rights) {
      const key = `${client.target} ${JSON.stringify(right)}`;
      const known = this.#rights.get(key);
      const answer =
        known && this.#on.fleet.now() - known.at < RIGHTS_KEPT_MS ? known.answer : client.forbids(right, signal);
      if (answer !== known?.answer) this.#rights.set(key, { at: this.#on.fleet.now(), answer });
      const reason = await answer.catch((error: unknown) => {
        this.#rights.delete(key);
        throw error;
      });
      if (reason !== null) return `not allowed: ${reason}`;
    }
    return null;
  }

  #intent({ id, noun, verb, input, plan, client, batch }: Proposal, { reason }: Consent) {
    const { operator, sshClient, demo, fleet } = this.#on;
    const { id: target, kind, name, source, uid, version } = noun;
    return {
      id,
      at: fleet.now(),
      operator,
      sshClient,
      demo,
      system: client.target,
      identity: client.identity,
      verb: verb.name,
      input: Object.fromEntries(Object.entries(input).map(([name, text]) => [name, maskText(text)])),
      target: { id: target, kind, name, source, uid, version },
      command: plan.command,
      risk: plan.risk,
      changes: plan.changes,
      reason: reason?.trim() || null,
      proofs: plan.proofs,
      inverse: plan.inverse,
      batch,
      process: { pid: process.pid, host: hostname() },
    };
  }

  #end(action: Action, outcome: Outcome, words: string, begun: boolean): Action {
    const { fleet } = this.#on;
    const { id, noun, verb, plan } = action.proposal;
    action.outcome = outcome;
    action.endedAt = fleet.now();
    action.words = words;
    // What the program's own end has cut off is for those to say who can still look.
    const isCutOff = outcome === 'unknown' && this.#life.signal.aborted;
    if (begun && !isCutOff) {
      try {
        this.journal.end({ id, at: action.endedAt, outcome, words, checked: false });
      } catch (error) {
        action.words = `${words}; and the journal could not keep it: ${why(error)}`;
      }
      fleet.sink(OURSELVES, 'host').event({
        key: `${OURSELVES}/deed/${id}`,
        at: action.endedAt,
        severity: outcome === 'done' ? 'info' : outcome === 'failed' ? 'bad' : 'warn',
        source: noun.source,
        about: noun.id,
        subject: `${this.#on.operator}`,
        reason: verb.name,
        message: `${subjectOf(noun, plan)}: ${outcome}${outcome === 'done' ? ',' : ':'} ${action.words}`,
      });
    }
    this.#changed();
    return action;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const OURSELVES = 'quarterdeck';
const SESSIONS_END_MS = 3_000;
const UNDOABLE_MS = 24 * 3_600_000;

/** "scale user-service 3 → 5" */
export function summary(noun: Noun, verb: Verb, plan: Plan): string {
  return `${verb.name} ${subjectOf(noun, plan)}`;
}

function subjectOf({ name }: Noun, { changes }: Plan): string {
  const only = changes.length === 1 ? changes[0] : undefined;
  return only ? `${name} ${only.from} → ${only.to}` : name;
}

function isUndoable({ inverse }: Deed['intent'], outcome: Outcome | undefined): boolean {
  return inverse !== null && outcome === 'done';
}

async function rehearse(plan: Plan, client: Client, signal: AbortSignal): Promise<Proposal['rehearsal']> {
  if (!client.rehearse || plan.edits.length === 0) return null;
  try {
    for (const edit of plan.edits) await client.rehearse(edit.write(edit.seen), signal);
    return { ok: true, words: 'ok (dry run)' };
  } catch (error) {
    return { ok: false, words: why(error) };
  }
}

function replaced({ name }: Noun, object: unknown, now: number): string {
  const meta = (object as { metadata?: { creationTimestamp?: string }; CreatedAt?: string } | null) ?? {};
  const born = Date.parse(meta.metadata?.creationTimestamp ?? meta.CreatedAt ?? '');
  const age = Number.isNaN(born) ? '' : `, born ${Math.max(0, Math.round((now - born) / 1000))} s ago`;
  return `${name} is another one now${age}`;
}
