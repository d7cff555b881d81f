import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fieldContext } from '../fleet/field-context.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Batch, Deed, Input, Outcome } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import type { TeamState } from '../model/team.ts';
import { sentence } from '../model/trouble.ts';
import { Refusal } from '../sources/client.ts';
import { Permit } from '../sources/permit.ts';
import { runCommand } from '../sources/run-command.ts';
import type { Journal } from '../store/journal.ts';
import { attempt, NotDone, partly, why } from './attempt.ts';
import type { Console } from './console.ts';
import { converge } from './converge.ts';
import { type CutShort, cutShort } from './cut-short.ts';
import { editDraft } from './drafts.ts';
import { evidenceOf } from './evidence.ts';
import type { Groups } from './groups.ts';
import type { GuardRule } from './guard.ts';
import { keepText } from './kept-text.ts';
import { meanwhile } from './meanwhile.ts';
import { type Consent, lacks, type Proposal } from './proposal.ts';
import { type Means, propose, wayTo } from './propose.ts';
import { prove } from './prove.ts';
import type { Queue } from './queue.ts';
import { batchOf, happeningOf, intentOf, OURSELVES, type Who } from './record.ts';
import { Rights } from './rights.ts';
import { seatFor } from './seat.ts';
import { lastUndoable, wayBack } from './undo.ts';
import { type Stacks, type Steps, Unfit, type Verb } from './verb.ts';
import { VERBS } from './verbs.ts';

export interface GatewayOptions extends Who {
  fleet: Fleet;
  /** Asked for at each use: it is opened after the first frame. */
  journal(): Journal;
  rules: readonly GuardRule[];
  /** Workloads that belong together. */
  groups?: Groups | undefined;
  /** Nothing may be written; the reason is told with each refusal. */
  readOnly: boolean;
  /** Where the journal cannot be written, a reason is enough. */
  noJournal?: boolean | undefined;
  stacks?: Stacks | undefined;
  /** How it stands with the team's store; null, or absent: there is none. */
  team?(): TeamState | null;
  /** Where sessions run; absent where nobody sits. */
  console?: Console | undefined;
  /** Folder for texts that are edited; absent where nobody edits. */
  drafts?: string | undefined;
  /** For tests: how long convergence is waited for, how often it is asked, and how often for a proof; milliseconds. */
  waits?: { limitMs?: number; everyMs?: number; proofMs?: number };
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
  /** The journal has it. */
  recorded: boolean;
  /** Why it is done, as the operator says; empty where nothing was said. */
  reason: string;
  /** Ends a session; nothing else can be called off. */
  stop(): void;
}

/** Ended actions that are still known, for the footer and the journal's screen. */
const KEPT_ENDED = 50;

/**
 * The one way to change anything, from every door. It proposes what would be done, keeps the journal, writes with the
 * identity and version that were shown, and watches until the system is where it should be.
 */
export class Gateway {
  readonly #on: GatewayOptions;
  readonly #means: Means;
  readonly #listeners = new Set<() => void>();
  readonly #busy = new Set<string>();
  readonly #life = new AbortController();
  #actions: Action[] = [];
  #queues: Queue[] = [];
  /** Why the journal could not be written when it was tried last. */
  #notKept: string | null = null;

  constructor(options: GatewayOptions) {
    const { fleet, rules, readOnly, groups = {}, stacks = {}, drafts } = options;
    this.#on = options;
    this.#means = {
      fleet,
      fields: fieldContext(fleet),
      rules,
      rights: new Rights(fleet.now),
      groups,
      stacks,
      texts: drafts === undefined ? null : join(drafts, 'before'),
      readOnly,
      notRecorded: () => (options.noJournal ? this.#notRecorded() : null),
      usual: (verb, target) => this.journal.durations(verb, target),
      meanwhile: noun => meanwhile(this.journal, noun, this.team, fleet.now()),
    };
  }

  get journal(): Journal {
    return this.#on.journal();
  }

  /** How it stands with the team's store; null: there is none. */
  get team(): TeamState | null {
    return this.#on.team?.() ?? null;
  }

  /** Something has come from the team: who shows the journal looks again. */
  heard(): void {
    this.#changed();
  }

  get readOnly(): boolean {
    return this.#on.readOnly;
  }

  get groups(): Groups {
    return this.#means.groups;
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

  /** Several that were asked for together, and are not all begun. */
  get queues(): readonly Queue[] {
    return this.#queues.filter(queue => !queue.calledOff && queue.waiting.length > 0);
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
   * What would be done; see `propose`.
   *
   * @param together how many targets are to be acted upon at once
   */
  prepare(verb: Verb, noun: Noun, input: Input, signal: AbortSignal, together = 1): Promise<Proposal> {
    return propose(verb, noun, input, together, this.#means, signal);
  }

  /**
   * Lets the operator edit the object as YAML. Resolves with the file for the verb `edit`, null when nothing was changed.
   * Writes nothing to the system. Throws an Unfit or a Refusal.
   */
  async draft(noun: Noun, signal: AbortSignal): Promise<string | null> {
    const { console, drafts, fleet, readOnly } = this.#on;
    if (readOnly) throw new Unfit('read-only: nothing is written');
    const { client, path } = wayTo(noun, fleet);
    if (!console || drafts === undefined) throw new Unfit('an editor needs a terminal');
    return editDraft(noun, { client, path, console, folder: drafts, env: process.env }, signal);
  }

  /**
   * Carries it out and watches until the system is there. Never throws: the action says how it ended. Nothing happens
   * where the consent lacks something. When `signal` aborts no further step begins, and watching ends with `unknown`.
   *
   * @param queue the several that it is one of
   */
  async carryOut(
    proposal: Proposal,
    consent: Consent,
    signal: AbortSignal,
    queue: Queue | null = null,
  ): Promise<Action> {
    const stopping = new AbortController();
    const action: Action = {
      proposal,
      startedAt: this.#on.fleet.now(),
      words: 'sent',
      outcome: null,
      endedAt: null,
      exitCode: null,
      recorded: false,
      reason: consent.reason?.trim() ?? '',
      stop: () => stopping.abort(),
    };
    const missing = lacks(proposal, consent) ?? this.#notNow(proposal);
    if (missing !== null) return this.#end(action, 'refused', missing, false);
    const { id } = proposal.noun;
    const { session } = proposal.plan;
    if (!session) this.#busy.add(id);
    this.#actions = [...this.#actions.slice(-KEPT_ENDED), action];
    try {
      this.#begin(proposal, consent, queue);
      action.recorded = true;
    } catch (error) {
      this.#notKept = why(error);
      const may = this.#on.noJournal && action.reason !== '';
      if (!may) {
        if (!session) this.#busy.delete(id);
        const way = this.#on.noJournal ? 'give a reason' : 'start with --no-journal, and give a reason';
        return this.#end(
          action,
          'refused',
          `nothing was written: ${this.#notKept}. To do it all the same, ${way}`,
          false,
        );
      }
    }
    this.#changed();
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

  /** No more of it is to come. What the program's own end has cut off stays open in the journal, to go on with. */
  leave(queue: Queue): void {
    this.#queues = this.#queues.filter(each => each !== queue);
    if (queue.isBegun && !this.#life.signal.aborted) {
      const { length } = queue.waiting;
      const ended = length === 0 ? 'all begun' : `${queue.calledOff ? 'called off' : 'stopped'}: ${length} not begun`;
      try {
        this.journal.keep('batch', { id: queue.id, at: this.#on.fleet.now(), ended });
      } catch {
        // Then it is offered to go on with, which is only asked.
      }
    }
    this.#changed();
  }

  /** What programs before this one could not bring to its end. */
  cutShort(): CutShort[] {
    return cutShort(this.journal, this.#on.fleet.now());
  }

  /** Nobody goes on with it. Throws a TroubleError when the journal cannot be written. */
  letBe({ id }: Batch): void {
    this.journal.keep('batch', { id, at: this.#on.fleet.now(), ended: 'let be' });
    this.#changed();
  }

  /** None that waits is begun any more. Returns how many that are. */
  callOff(queues: readonly Queue[] = this.queues): number {
    const length = queues.reduce((sum, { waiting }) => sum + waiting.length, 0);
    for (const queue of queues) queue.callOff();
    this.#changed();
    return length;
  }

  /**
   * No step begins any more, and what is under way is watched no longer: its deeds stay open in the journal, for whoever
   * looks at the system later. Returns whether there are any. Sessions are ended; see `ended`.
   */
  end(): boolean {
    const cut = this.running.some(({ proposal }) => !proposal.plan.session);
    this.#life.abort();
    return cut;
  }

  /**
   * Resolves when nothing runs any more that cannot be left, and the journal knows: sessions, within three seconds;
   * commands of this machine, within a minute.
   */
  async ended(): Promise<void> {
    const begun = performance.now();
    const isLeft = ({ plan }: Proposal, ms: number) =>
      ms > (plan.session ? SESSIONS_END_MS : plan.byCommand ? COMMANDS_END_MS : 0);
    while (this.running.some(({ proposal }) => !isLeft(proposal, performance.now() - begun))) await sleep(20);
  }

  /** The last deed that can be taken back, and has not been. */
  lastUndoable(): Deed | null {
    return lastUndoable(this.journal, this.#on.operator, this.#on.fleet.now());
  }

  /** What would take a deed back. Throws an Unfit when the target has moved on since, else as `prepare`. */
  async prepareUndo(deed: Deed, signal: AbortSignal): Promise<Proposal> {
    const { verb, noun, input } = await wayBack(deed, this.#on.fleet, signal);
    return this.prepare(verb, noun, input, signal);
  }

  #notRecorded(): string | null {
    const { closed } = this.journal;
    return closed ? sentence(closed) : this.#notKept;
  }

  /** Keeps what is to be done; throws where that cannot be. */
  #begin(proposal: Proposal, consent: Consent, queue: Queue | null): void {
    const now = this.#on.fleet.now();
    if (proposal.plan.keeps) keepText(proposal.plan.keeps);
    if (queue && !queue.isBegun) {
      this.journal.keep('batch', { id: queue.id, at: now, batch: batchOf(queue, this.#on, now) });
      this.#queues = [...this.#queues, queue];
    }
    this.journal.begin(intentOf(proposal, consent, this.#on, queue?.id ?? null, now));
    queue?.begin(proposal.noun);
    this.#notKept = null;
  }

  async #run(action: Action, permit: Permit, signal: AbortSignal): Promise<string> {
    const { proposal } = action;
    const { plan, client, usual } = proposal;
    const on = { client, permit, signal, proofMs: this.#on.waits?.proofMs };
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
    const steps: Steps = {
      send: write => client.send(permit, write, signal),
      run: command => runCommand(permit, command, tell),
      tell,
      signal,
    };
    await plan.follow?.(steps).catch(async (error: unknown) => {
      // No answer came: the system itself may tell.
      const isOpen = error instanceof NotDone && error.outcome === 'unknown' && !signal.aborted;
      if (!isOpen || (await prove(plan.proofs, client, signal)) !== true) throw error;
    });
    return converge(plan, {
      usual,
      evidence: () => evidenceOf(proposal.noun, this.#on.fleet),
      tell,
      now: this.#on.fleet.now,
      since: action.startedAt,
      signal,
      ...this.#on.waits,
    });
  }

  /** What is true only at the moment of writing. */
  #notNow({ noun }: Proposal): string | null {
    if (this.#on.readOnly) return 'read-only: nothing is written';
    if (this.#life.signal.aborted) return 'the program is ending';
    return this.#busy.has(noun.id) ? `another action on ${noun.name} is still running` : null;
  }

  #end(action: Action, outcome: Outcome, words: string, begun: boolean): Action {
    const { fleet } = this.#on;
    action.outcome = outcome;
    action.endedAt = fleet.now();
    action.words = words;
    // What the program's own end has cut off is for those to say who can still look.
    const isCutOff = outcome === 'unknown' && this.#life.signal.aborted;
    if (begun && !isCutOff) {
      try {
        if (action.recorded)
          this.journal.end({ id: action.proposal.id, at: action.endedAt, outcome, words, checked: false });
        else action.words = `${words}; not recorded (${action.reason})`;
      } catch (error) {
        action.words = `${words}; and the journal could not keep it: ${why(error)}`;
      }
      fleet.sink(OURSELVES, 'host').event(happeningOf(action, this.#on));
    }
    this.#changed();
    return action;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const SESSIONS_END_MS = 3_000;
const COMMANDS_END_MS = 60_000;
