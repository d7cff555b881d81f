import { setTimeout as sleep } from 'node:timers/promises';
import type { TeamState } from '../model/team.ts';
import { Backoff } from '../sources/backoff.ts';
import { isRefusal, troubleOf } from '../sources/postgres/refusal.ts';
import { orAbort } from '../sources/pulse.ts';
import { SecretMissing } from '../sources/secret.ts';
import { why } from '../sources/why.ts';
import { type Chains, type Fork, feed } from '../store/chain.ts';
import type { LocalChains } from '../store/local-chains.ts';
import { NeedsAdministrator } from './postgres.ts';

/** The team's store while a connection to it lasts. */
export interface TeamStore extends Chains {
  listen(news: () => void): Promise<void>;
  readonly ended: AbortSignal;
  close(): void;
}

export interface TeamSetup {
  /** What is kept here: the own journal, and those of the colleagues as far as they are known. */
  local: LocalChains;
  /** For people. */
  on: string;
  open(signal: AbortSignal): Promise<TeamStore>;
  now?: () => number;
  /** For the log file. */
  log?(line: string): void;
  /** News are told by the store; so often it is looked after all the same, which also proves that it lives. Milliseconds. */
  everyMs?: number;
  retryLimitMs?: number;
}

/** At the end, so long for what was written last to reach the team. */
const HAND_ON_MS = 1_500;
const SEEN_KEPT_MS = 60_000;

/**
 * Shares the journal of this program with the team's: what is here is given there, what is there is taken in here, again
 * and again. Nobody ever waits for it; whatever fails is tried again, for ever.
 */
export class Team {
  readonly #on: Required<TeamSetup>;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #backoff: Backoff;
  readonly #done: Promise<void>;
  #state: TeamState;
  #wake = new AbortController();
  /** How often something was written here, and how much of that the team has for certain. */
  #written = 0;
  #handedOn = 0;
  #keptAt = 0;

  constructor(setup: TeamSetup) {
    this.#on = { now: Date.now, log: () => {}, everyMs: 10_000, retryLimitMs: 30_000, ...setup };
    this.#backoff = new Backoff({ limitMs: this.#on.retryLimitMs });
    const { on, now, local } = this.#on;
    const beginning = { trouble: null, sql: [], forks: [] };
    this.#state = { on, phase: 'connecting', since: now(), asOf: local.seenAt, ...beginning };
    this.#done = this.#live();
  }

  get state(): TeamState {
    return this.#state;
  }

  /** Told when the state has changed, and when something of a colleague has come. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something was written here. */
  hurry(): void {
    this.#written++;
    this.#wake.abort();
  }

  get #waits(): boolean {
    return this.#handedOn < this.#written;
  }

  /** Resolves once everything of both sides is on the other, or it is known that it cannot be, or when `signal` aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, this.#ending.signal]);
    while (!over.aborted && (this.#state.phase === 'connecting' || (this.#state.phase === 'live' && this.#waits))) {
      const moved = Promise.withResolvers<void>();
      const unsubscribe = this.subscribe(moved.resolve);
      await orAbort(moved.promise, over).catch(() => {});
      unsubscribe();
    }
  }

  /** What was written here last is given to the team, as long as that takes no longer than a moment. */
  async close(): Promise<void> {
    if (this.#waits) await this.settled(AbortSignal.timeout(HAND_ON_MS));
    this.#ending.abort();
    await this.#done;
    this.#keepSeen();
  }

  async #live(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#attempt(signal).catch(error => {
        if (!signal.aborted) this.#lost(error);
      });
      await sleep(this.#backoff.next(), undefined, { signal }).catch(() => {});
    }
  }

  /** As long as a connection lasts; rejects with why it ended. */
  async #attempt(signal: AbortSignal): Promise<void> {
    const store = await this.#on.open(signal);
    try {
      const over = AbortSignal.any([signal, store.ended]);
      await store.listen(() => this.#wake.abort());
      while (!over.aborted) {
        if (this.#wake.signal.aborted) this.#wake = new AbortController();
        const written = this.#written;
        const state = await this.#round(store);
        this.#handedOn = written;
        this.#become(state);
        this.#backoff.reset();
        await sleep(this.#on.everyMs, undefined, { signal: AbortSignal.any([over, this.#wake.signal]) }).catch(
          () => {},
        );
      }
      store.ended.throwIfAborted();
    } finally {
      store.close();
    }
  }

  async #round(store: TeamStore): Promise<Omit<TeamState, 'on' | 'since'>> {
    const { local, now, log } = this.#on;
    const begun = now();
    const own = local.own();
    const ours = (await store.heads()).find(({ id }) => id === own.id);
    const [same] = ours ? await local.after(own.id, ours.seq - 1) : [];
    if (ours && same?.hash !== ours.hash) {
      // A store that was set back to an earlier day, or copied to another machine.
      log(`team store: record ${ours.seq} of our journal is another one there; it goes on under another name`);
      local.rename(own.id);
    }
    const forks = [...(await feed(local, store)), ...(await feed(store, local))];
    if (begun - this.#keptAt >= SEEN_KEPT_MS) this.#keepSeen(begun);
    return { phase: 'live', asOf: begun, trouble: null, sql: [], forks: told(forks) };
  }

  #lost(error: unknown): void {
    const isOurs = error instanceof NeedsAdministrator || error instanceof SecretMissing;
    const phase = isOurs || isRefusal(error) ? 'refused' : 'down';
    if (this.#state.phase === 'live') this.#keepSeen();
    const trouble = troubleOf('share the journal', this.#on.on, error);
    const sql = error instanceof NeedsAdministrator ? error.sql : [];
    this.#become({ ...this.#state, phase, trouble, sql });
  }

  /** For the next start, at which the team may not be reached. */
  #keepSeen(at = this.#state.asOf): void {
    if (at === null || at === this.#keptAt) return;
    try {
      this.#on.local.seenAt = at;
      this.#keptAt = at;
    } catch (error) {
      this.#on.log(`team store: when it was seen last could not be kept: ${why(error)}`);
    }
  }

  #become(next: Omit<TeamState, 'on' | 'since'>): void {
    const { phase, since } = this.#state;
    this.#state = { ...next, on: this.#on.on, since: phase === next.phase ? since : this.#on.now() };
    for (const listener of this.#listeners) listener();
  }
}

/** Each journal once. */
function told(forks: readonly Fork[]): string[] {
  return [...new Map(forks.map(fork => [fork.writer.id, fork.message])).values()];
}
