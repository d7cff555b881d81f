import { setTimeout as sleep } from 'node:timers/promises';
import type { Trouble } from '../../model/trouble.ts';
import { Backoff } from '../backoff.ts';
import type { Coverage } from '../source.ts';
import { type Api, unzipped } from './api.ts';
import { ApiError } from './api-error.ts';
import type { Gate } from './gate.ts';
import { versionOf } from './lineage.ts';
import { lines } from './lines.ts';
import { inTurns, readPage } from './page.ts';
import { EITHER, type Message } from './protobuf.ts';
import type { Receiver } from './receivers.ts';
import { Silence } from './silence.ts';
import type { Timing } from './timing.ts';
import { forbidden, troubleOf } from './trouble.ts';
import { text, type Wire } from './wire.ts';

export interface Following {
  api: Api;
  /** `/api/v1/pods`, `/api/v1/namespaces/saasodoo/pods`. */
  path: string;
  /** As rights are written: `pods`, `deployments.apps`. */
  resource: string;
  /** null: all namespaces, or none. */
  namespace: string | null;
  receiver: Receiver;
  /** What its objects are in protobuf; in JSON when left out. */
  message?: Message;
  tell(coverage: Coverage): void;
  log(line: string): void;
  /** Where first lists, and later lists, wait for each other. */
  firstLists: Gate;
  laterLists: Gate;
  timing: Timing;
}

const PAGE = 500;
/** The first page is small, so that the first rows need not wait for many. */
const FIRST_PAGE = 100;
/** So many objects are taken at once: a key never waits for a whole page. */
const AT_ONCE = 100;
/** A watch that fails so often in a row is told; what was listed is then no longer followed. */
const TOLD_AFTER = 3;

/**
 * Lists one resource and then watches it, for ever: whatever the server does, it goes on from the last version that it
 * was told, and lists again only when the server says that this version is too old, or no longer is what it was.
 */
export class Follower {
  readonly #on: Following;
  readonly #backoff: Backoff;
  /** The version to watch from; null: to be listed. */
  #version: string | null = null;
  #forgotten = false;
  #listed = false;
  #failures = 0;
  #logged: string | null = null;
  /** The server sends bookmarks, so that two silent watches in a row mean something. */
  #bookmarked = false;
  #silences = 0;
  /** When the list was begun that followed the last 410. */
  #expiredAt = Number.NEGATIVE_INFINITY;
  /** The attempt or the wait that is going on. */
  #attempt = new AbortController();
  #waits = false;
  #heardAt = 0;

  constructor(on: Following) {
    this.#on = on;
    this.#backoff = new Backoff({ baseMs: on.timing.backoffMs, limitMs: on.timing.backoffLimitMs });
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#attempt = new AbortController();
      const either = AbortSignal.any([signal, this.#attempt.signal]);
      const wait = await this.#try(either).catch((error: unknown) => (either.aborted ? 0 : this.#judge(error)));
      this.#waits = true;
      if (wait > 0) await sleep(wait, undefined, { signal: either }).catch(() => {});
      this.#waits = false;
    }
  }

  /** The server was gone and is back: nothing waits longer, and what has said nothing since `since` is asked anew. */
  kick(since = Number.POSITIVE_INFINITY): void {
    if (!this.#waits && this.#heardAt >= since) return;
    this.#backoff.reset();
    this.#attempt.abort();
  }

  /** The last version that the server told. */
  get version(): bigint | null {
    return versionOf(this.#version);
  }

  /** Forgets the version, so that everything is listed anew. */
  restart(): void {
    this.#forgotten = true;
    this.kick();
  }

  /** Returns how long to wait, in milliseconds. */
  async #try(signal: AbortSignal): Promise<number> {
    if (this.#forgotten) this.#version = null;
    this.#forgotten = false;
    if (this.#version === null) {
      const gate = this.#listed ? this.#on.laterLists : this.#on.firstLists;
      this.#version = await gate.pass(() => this.#list(signal));
      this.#listed = true;
      this.#works();
    }
    return this.#watch(this.#version, signal);
  }

  /** Reads all pages, each while the server makes the next; returns the version that they are of. */
  async #list(signal: AbortSignal): Promise<string> {
    const { receiver, message } = this.#on;
    const list = receiver.list();
    let answer = this.#page(`limit=${FIRST_PAGE}`, signal);
    for (;;) {
      const { metadata, objects } = readPage(await answer, message);
      const token = text(metadata?.continue);
      if (token) answer = this.#page(`limit=${PAGE}&continue=${encodeURIComponent(token)}`, signal);
      // It may fail before it is waited for.
      answer.catch(() => {});
      for await (const some of inTurns(objects, AT_ONCE)) {
        signal.throwIfAborted();
        list.page(some);
      }
      if (token) continue;
      list.end();
      return text(metadata?.resourceVersion) ?? '';
    }
  }

  #page(which: string, signal: AbortSignal): ReturnType<Api['whole']> {
    const { api, path, message } = this.#on;
    const question = { path: `${path}?${which}`, ...(message && { accept: EITHER }) };
    return api.whole(question, signal, () => this.#hear());
  }

  /** Ends well when the server ended it, or when it was only quiet; throws when it failed. */
  async #watch(version: string, signal: AbortSignal): Promise<number> {
    const { api, path, timing, resource, log } = this.#on;
    const seconds = Math.ceil((timing.watchMs * (1 + Math.random() / 5)) / 1000);
    const from = `resourceVersion=${encodeURIComponent(version)}&allowWatchBookmarks=true&timeoutSeconds=${seconds}`;
    const silence = new Silence(timing.answerMs, signal);
    const begunAt = Date.now();
    let settled: NodeJS.Timeout | undefined;
    let told = false;
    try {
      const response = await api.get(`${path}?watch=1&${from}`, silence.signal, 'identity');
      silence.allow(timing.watchSilenceMs);
      settled = setTimeout(() => this.#works(), timing.settleMs);
      for await (const line of lines(this.#hearing(unzipped(response), silence))) {
        this.#apply(JSON.parse(line) ?? {});
        if (!told) this.#works();
        told = true;
      }
    } catch (error) {
      if (!silence.tooLong) throw error;
      if (!settled) throw silence.signal.reason;
      // A server that was set back to an older state waits without a word until it has come as far as this version.
      const lost = ++this.#silences > 1 && this.#bookmarked;
      if (lost) this.#version = null;
      log(`watch ${resource}: ${(silence.signal.reason as Error).message}, ${lost ? 'listing' : 'asking'} again`);
      return 0;
    } finally {
      silence.end();
      clearTimeout(settled);
      if (Date.now() - begunAt >= timing.healthyMs) this.#backoff.reset();
    }
    if (told || Date.now() - begunAt >= timing.settleMs) return 0;
    throw new Error('the server ended the watch at once');
  }

  async *#hearing(stream: AsyncIterable<Buffer>, silence: Silence): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      silence.heard();
      this.#silences = 0;
      this.#hear();
      yield chunk;
    }
  }

  #hear(): void {
    this.#heardAt = Date.now();
  }

  #apply({ type, object }: { type?: unknown; object?: Wire }): void {
    if (type === 'ERROR') throw ApiError.of(object);
    const { receiver } = this.#on;
    if (type === 'ADDED' || type === 'MODIFIED') receiver.change(object ?? {});
    else if (type === 'DELETED') receiver.remove(object ?? {});
    else if (type === 'BOOKMARK') this.#bookmarked = true;
    this.#version = text(object?.metadata?.resourceVersion) ?? this.#version;
  }

  #works(): void {
    this.#failures = 0;
    this.#logged = null;
    this.#on.tell({ state: 'complete' });
  }

  /** Says what a failure means, and how long to wait, in milliseconds. */
  #judge(error: unknown): number {
    const { timing, resource, namespace, api, tell, log } = this.#on;
    const verb = this.#version === null ? 'list' : 'watch';
    const wait = this.#backoff.next();
    if (error instanceof ApiError) {
      if (error.status === 410) {
        const again = Date.now() - this.#expiredAt < timing.healthyMs;
        this.#version = null;
        this.#expiredAt = Date.now();
        log(`${verb} ${resource}: ${error.message}, listing again`);
        // At once; but a server that never has what it has just listed is asked less and less often.
        return again ? wait : 0;
      }
      if (error.status === 403 || error.status === 404 || error.status === 405) {
        // Without a watch, a list now and then is all there is.
        this.#version = null;
        tell(
          error.status === 403
            ? { state: 'forbidden', trouble: forbidden(verb, resource, namespace, api.context.name, error.message) }
            : { state: 'absent', trouble: troubleOf(error, `${verb} ${resource}`, api.context.name) },
        );
        return timing.refusedMs * (0.8 + 0.4 * Math.random());
      }
    }
    this.#failures++;
    const trouble: Trouble = troubleOf(
      error,
      `${verb} ${resource}${namespace ? ` in ${namespace}` : ''}`,
      api.context.name,
    );
    // The log is for what changes: an outage of a night is one line, not a thousand.
    if (this.#logged !== trouble.why) log(`${trouble.what}: ${trouble.why}`);
    this.#logged = trouble.why;
    if (this.#version === null || this.#failures >= TOLD_AFTER) tell({ state: 'failed', trouble });
    const asked = error instanceof ApiError ? error.retryAfterMs : null;
    return Math.max(wait, asked ?? 0);
  }
}
