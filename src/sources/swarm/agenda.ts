/** What an engine is asked again and again. `restless`: the tasks of those services alone of which something moves. */
export type List = 'services' | 'restless' | 'tasks' | 'nodes' | 'networks';
export type Question = List | 'ping';
export const LISTS: readonly List[] = ['services', 'restless', 'tasks', 'nodes', 'networks'];

export interface Pace {
  /** Between two lists that are asked in their turn: it bounds what watching costs. */
  beatMs: number;
  /** Between two askings of one list out of turn. */
  gapMs: number;
  /** Without any answer for so long, the engine is asked for a proof of life. */
  quietMs: number;
  /** What was asked may take so long before a proof of life is asked for beside it. */
  patienceMs: number;
}

export const PACE: Pace = { beatMs: 2_500, gapMs: 3_000, quietMs: 3_000, patienceMs: 1_000 };

/**
 * When to ask what. In turn: each beat one list, the one that is most overdue. Out of turn: what an event or a moved
 * count made worth asking. And when nothing at all answered for a while: a ping. So at rest there is one question a
 * beat, at most 24 a minute, however much there is to ask. All times in milliseconds of a clock that never goes back.
 */
export class Agenda {
  readonly #pace: Pace;
  readonly #everyMs = new Map<List, number>();
  readonly #gapMs = new Map<List, number>();
  readonly #askedAt = new Map<Question, number>();
  readonly #pending = new Set<Question>();
  readonly #urgent = new Set<List>();
  #lastTurn = Number.NEGATIVE_INFINITY;
  #lastAsked = Number.NEGATIVE_INFINITY;
  #lastAnswer: number;

  constructor(now: number, pace: Pace = PACE) {
    this.#pace = pace;
    this.#lastAnswer = now;
  }

  /** How often a list is asked in its turn (Infinity: never), and out of turn at most. */
  every(list: List, ms: number, gapMs: number = this.#pace.gapMs): void {
    this.#everyMs.set(list, ms);
    this.#gapMs.set(list, gapMs);
  }

  /** Asks a list out of turn, as soon as it may be. */
  soon(...lists: List[]): void {
    for (const list of lists) this.#urgent.add(list);
  }

  /** What to ask now, which counts as asked; and how long to wait when nothing else happens. */
  next(now: number): { ask: Question[]; waitMs: number } {
    const ask: Question[] = [...this.#urgent].filter(list => this.#urgentAt(list) <= now);
    if (ask.length === 0) {
      const due = this.#mostOverdue(now);
      if (due) {
        ask.push(due);
        this.#lastTurn = now;
      } else if (this.#pingAt() <= now) {
        ask.push('ping');
      }
    }
    for (const question of ask) this.#asked(question, now);
    const times = [this.#pingAt(), ...LISTS.flatMap(list => [this.#turnAt(list), this.#urgentAt(list)])];
    return { ask, waitMs: Math.max(0, Math.min(...times) - now) };
  }

  /** A question has its answer, or never will have: `alive` when the engine said anything at all. */
  settled(question: Question, alive: boolean, now: number): void {
    this.#pending.delete(question);
    if (alive) this.#lastAnswer = now;
  }

  /** The engine said something unasked. */
  heard(now: number): void {
    this.#lastAnswer = now;
  }

  /** Asks for a proof of life as soon as what was just asked had its time. */
  doubt(): void {
    this.#lastAnswer = Number.NEGATIVE_INFINITY;
  }

  isPending(question: Question): boolean {
    return this.#pending.has(question);
  }

  wasAsked(question: Question): boolean {
    return this.#askedAt.has(question);
  }

  #asked(question: Question, now: number): void {
    this.#pending.add(question);
    this.#askedAt.set(question, now);
    this.#lastAsked = now;
    if (question !== 'ping') this.#urgent.delete(question);
  }

  #mostOverdue(now: number): List | null {
    let most: List | null = null;
    for (const list of LISTS) {
      if (this.#turnAt(list) <= now && (most === null || this.#overdue(list, now) > this.#overdue(most, now)))
        most = list;
    }
    return most;
  }

  /** In parts of its own period, so that what is asked often does not push out what is asked seldom. */
  #overdue(list: List, now: number): number {
    return (now - (this.#askedAt.get(list) ?? Number.NEGATIVE_INFINITY)) / (this.#everyMs.get(list) ?? 1);
  }

  #turnAt(list: List): number {
    const everyMs = this.#everyMs.get(list) ?? Number.POSITIVE_INFINITY;
    if (this.#pending.has(list) || everyMs === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const due = (this.#askedAt.get(list) ?? Number.NEGATIVE_INFINITY) + everyMs;
    return Math.max(due, this.#lastTurn + this.#pace.beatMs);
  }

  #urgentAt(list: List): number {
    if (!this.#urgent.has(list) || this.#pending.has(list)) return Number.POSITIVE_INFINITY;
    return (this.#askedAt.get(list) ?? Number.NEGATIVE_INFINITY) + (this.#gapMs.get(list) ?? this.#pace.gapMs);
  }

  #pingAt(): number {
    if (this.#pending.has('ping')) return Number.POSITIVE_INFINITY;
    return Math.max(this.#lastAnswer + this.#pace.quietMs, this.#lastAsked + this.#pace.patienceMs);
  }
}
