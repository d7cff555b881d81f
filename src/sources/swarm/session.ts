import type { Kind } from '../../model/entity.ts';
import { sentence } from '../../model/trouble.ts';
import type { Sink } from '../source.ts';
import { Agenda, LISTS, type List, type Question } from './agenda.ts';
import type { ApiEvent } from './api.ts';
import type { Call, Engine, Query } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { followEvents } from './event-stream.ts';
import { meaningOf } from './events.ts';
import { explain, type Failure } from './failure.ts';
import type { Picture } from './picture.ts';
import type { Standing } from './standing.ts';
import type { Timing } from './timing.ts';
import { Wake } from './wake.ts';

export interface SessionOptions {
  name: string;
  engine: Engine;
  sink: Sink;
  picture: Picture;
  standing: Standing;
  timing: Timing;
  /** What is looked at now; null: everything. */
  attended(): ReadonlySet<Kind> | null;
}

const PATHS: Readonly<Record<List, readonly [path: string, query: Query]>> = {
  services: ['/services', { status: true }],
  tasks: ['/tasks', {}],
  restless: ['/tasks', {}],
  nodes: ['/nodes', {}],
  networks: ['/networks', {}],
};

/** Of so many services the tasks are asked for by name, in an address of some 4 KB; of more, all are read. */
const MOST_NAMED = 100;

/** One connection's life: from the first answer of an engine until it no longer answers. */
export class Session {
  readonly #options: SessionOptions;
  readonly #agenda: Agenda;
  readonly #wake = new Wake();
  readonly #over = new AbortController();
  #failure: Failure | null = null;
  /** Since when the swarm owes an answer; null: it owes none. */
  #owedSince: number | null = null;
  #hangs = false;
  #eventsTold = '';
  #settling: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#agenda = new Agenda(performance.now(), options.timing.pace);
    this.#agenda.soon(...LISTS.filter(list => this.#isWanted(list)));
    this.attend();
  }

  /** Resolves with the reason when the engine is lost, and with null when the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<Failure | null> {
    const { engine, timing } = this.#options;
    const both = AbortSignal.any([signal, this.#over.signal]);
    const events = followEvents(
      {
        engine,
        onEvent: event => this.#take(event),
        onBreak: error => this.#eventsBroke(error),
        openingMs: timing.listDeadlineMs,
        silentMs: timing.streamSilentMs,
      },
      both,
    );
    while (!both.aborted) {
      const { ask, waitMs } = this.#agenda.next(performance.now());
      for (const question of ask) void this.#ask(question, both);
      if (ask.some(isOfSwarm)) this.#owedSince ??= performance.now();
      this.#lookForHang();
      await this.#wake.wait(this.#owedSince === null ? waitMs : Math.min(waitMs, timing.pace.patienceMs), both);
    }
    clearTimeout(this.#settling);
    await events;
    return this.#failure;
  }

  /** What is looked at has changed. */
  attend(): void {
    const { timing } = this.#options;
    const wanted = this.#isWanted('networks');
    if (wanted && !this.#agenda.wasAsked('networks')) this.#agenda.soon('networks');
    this.#agenda.every('services', timing.servicesMs);
    this.#agenda.every('nodes', timing.nodesMs);
    this.#agenda.every('networks', wanted ? timing.networksMs : Number.POSITIVE_INFINITY);
    this.#paceTasks();
    this.#wake.now();
  }

  async #ask(question: Question, signal: AbortSignal): Promise<void> {
    try {
      await (question === 'ping' ? this.#ping(signal) : this.#read(question, signal));
    } finally {
      this.#wake.now();
    }
  }

  async #ping(signal: AbortSignal): Promise<void> {
    const { engine, timing, standing } = this.#options;
    try {
      await engine.ping({ deadlineMs: timing.pingDeadlineMs, signal });
      this.#agenda.settled('ping', true, performance.now());
      standing.alive();
    } catch (error) {
      this.#agenda.settled('ping', false, performance.now());
      if (!signal.aborted) this.#lose(explain(error, 'ask for a proof of life', engine.address));
    }
  }

  async #read(list: List, signal: AbortSignal): Promise<void> {
    const { engine, timing, standing, sink } = this.#options;
    const [path, query] = PATHS[list];
    const of = list === 'restless' ? this.#named() : null;
    const filtered = of ? { filters: JSON.stringify({ service: [...of] }) } : query;
    const call: Call = { deadlineMs: timing.listDeadlineMs, signal };
    const askedAt = performance.now();
    try {
      const answer = await engine.get(path, filtered, call);
      if (signal.aborted) return;
      this.#settled(list, true);
      this.#understand(list, answer, of);
      if (isOfSwarm(list)) this.#answersAgain(askedAt);
      if (of) standing.alive();
      else if (standing.works(kept(list))) this.#agenda.soon(...standing.failing);
    } catch (error) {
      if (signal.aborted) return;
      const failure = explain(error, `list ${kept(list)}`, engine.address);
      const answered = failure.manner !== 'lost' && failure.manner !== 'silent';
      this.#settled(list, answered);
      // One of the services is gone: the others' tasks are asked for when that is known.
      if (of && error instanceof EngineError && error.status === 404) return this.#agenda.soon('services', 'restless');
      if (standing.fails(kept(list), failure)) sink.log(sentence(failure.trouble));
      // Whether the engine is gone is for the ping to say.
      if (!answered) this.#agenda.doubt();
    }
  }

  #settled(list: List, answered: boolean): void {
    const now = performance.now();
    this.#agenda.settled(list, answered, now);
    if (answered && isOfSwarm(list))
      this.#owedSince = LISTS.some(one => isOfSwarm(one) && this.#agenda.isPending(one)) ? now : null;
  }

  #understand(list: List, answer: unknown, of: ReadonlySet<string> | null): void {
    const { picture, engine } = this.#options;
    switch (list) {
      case 'services':
        if (picture.takeServices(answer, engine.now())) this.#soon('restless');
        break;
      case 'tasks':
      case 'restless':
        picture.takeTasks(answer, engine.now(), of);
        break;
      case 'nodes':
        if (picture.takeNodes(answer, engine.now())) this.#soon('services', 'tasks');
        break;
      case 'networks':
        picture.takeNetworks(answer);
    }
    this.#paceTasks();
  }

  #take(event: ApiEvent): void {
    const { name, sink, engine, picture } = this.#options;
    this.#agenda.heard(performance.now());
    const { happening, ask, moved } = meaningOf(event, name, engine.now());
    if (happening) sink.event(happening);
    if (moved) picture.moved(moved, engine.now());
    const lists = ask.filter(list => this.#isWanted(list));
    if (lists.length === 0) return;
    this.#soon(...lists);
    // One deed is told by several events, and the orchestrator needs a moment to act on it.
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#wake.now();
    }, this.#options.timing.settleMs);
  }

  #soon(...lists: List[]): void {
    this.#agenda.soon(...lists);
    this.#paceTasks();
  }

  #eventsBroke(error: unknown): void {
    const { engine, sink } = this.#options;
    const failure = explain(error, 'follow events', engine.address);
    const told = sentence(failure.trouble);
    if (told !== this.#eventsTold) sink.log(told);
    this.#eventsTold = told;
    if (failure.manner === 'lost' || failure.manner === 'silent') {
      this.#agenda.doubt();
      this.#wake.now();
    }
  }

  /** Pings are answered, but what only a manager can answer is not: a swarm without a quorum hangs like this. */
  #lookForHang(): void {
    const { standing, engine, timing } = this.#options;
    if (this.#owedSince === null || performance.now() - this.#owedSince < timing.hungMs) return;
    this.#hangs = true;
    standing.hangs({
      what: 'ask the swarm',
      on: engine.address,
      why: 'the engine answers, but the swarm behind it does not',
      fix: 'have its managers lost their quorum? Ask another manager: docker node ls',
    });
  }

  /** A late answer proves nothing: without a quorum, some come from what the engine remembers. */
  #answersAgain(askedAt: number): void {
    const { standing, timing } = this.#options;
    if (!this.#hangs || performance.now() - askedAt >= timing.hungMs) return;
    this.#hangs = false;
    standing.hangs(null);
  }

  #lose(failure: Failure): void {
    this.#failure = failure;
    this.#over.abort();
  }

  #isWanted(list: List): boolean {
    if (list === 'restless') return this.#restless(this.#options.timing.latelyMs).size > 0;
    return list !== 'networks' || (this.#options.attended()?.has('network') ?? true);
  }

  #paceTasks(): void {
    const { timing, picture } = this.#options;
    this.#agenda.every('tasks', Math.max(timing.tasksMs, picture.tasks * timing.eachTaskMs));
    const isMoving = this.#restless(timing.movedMs).size > 0;
    const restlessMs = isMoving ? timing.movingMs : timing.restlessMs;
    this.#agenda.every('restless', this.#isWanted('restless') ? restlessMs : Number.POSITIVE_INFINITY);
  }

  /** Services that moved in the last so many milliseconds. */
  #restless(ms: number): Set<string> {
    const { picture, engine } = this.#options;
    return picture.restless(engine.now() - ms);
  }

  /** The services whose tasks are asked for by themselves; null: there are too many, or none. */
  #named(): Set<string> | null {
    const restless = this.#restless(this.#options.timing.latelyMs);
    return restless.size === 0 || restless.size > MOST_NAMED ? null : restless;
  }
}

/** What is known when a list has been read. */
function kept(list: List): Exclude<List, 'restless'> {
  return list === 'restless' ? 'tasks' : list;
}

/** What only a manager of a swarm with a leader can answer. */
function isOfSwarm(question: Question): boolean {
  return question !== 'networks' && question !== 'ping';
}
