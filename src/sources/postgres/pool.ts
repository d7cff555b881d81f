import type { Kind } from '../../model/entity.ts';
import type { Sink } from '../source.ts';
import { SteadyLatency } from '../steady.ts';
import { type Kept, keep } from './keep.ts';
import { type News, PoolNews } from './pool-news.ts';
import { databaseId, databaseSeen, type PoolName, type PoolState, poolId, poolSeen } from './pool-noun.ts';
import type { Dialect } from './probe.ts';
import type { ServerRecord } from './records.ts';
import { isItsOwn, whyNot } from './refusal.ts';
import type { Session } from './session.ts';
import type { Way } from './way.ts';

export interface PoolWatchOptions extends PoolName {
  dialect: Dialect;
  sink: Sink;
  everyMs: number;
  now: () => number;
  attended: () => ReadonlySet<Kind>;
  /** Counts the questions of a session. */
  counted: (session: Session) => Session;
  /** The server answered (null), or did not, and why. */
  verdict: (error: unknown) => void;
  /** The server's databases have been listed. */
  listed: () => void;
}

/** Measuring counts the files of all databases: while nobody looks at them it is done once a minute. */
const MEASURE_MS = 60_000;

/** One server as the platform records it and as it proves to be, over its own connection with its own proof of life. */
export class PoolWatch {
  readonly id: string;
  readonly #options: PoolWatchOptions;
  readonly #news = new PoolNews();
  readonly #latency = new SteadyLatency();
  readonly #state: PoolState;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #on: string | null = null;
  #kept: Kept | null = null;
  #hasListed = false;

  constructor(options: PoolWatchOptions) {
    this.#options = options;
    this.id = poolId(options.source, options.name);
    this.#state = {
      record: null,
      assigned: null,
      tenants: null,
      observedAt: options.now(),
      up: null,
      downReason: null,
      latencyMs: null,
      full: false,
      version: null,
      maxConnections: null,
      facts: null,
      measures: new Map(),
    };
  }

  /** It was asked, or was to be, and no answer came. */
  get failing(): boolean {
    return this.#state.up !== true && this.#state.downReason !== null;
  }

  /** Its databases have been listed once, or there are none any more. */
  get listed(): boolean {
    return this.#hasListed || this.#state.record?.status === 'deprovisioned';
  }

  get record(): ServerRecord | null {
    return this.#state.record;
  }

  get databasePrefix(): string {
    return databaseId(this.#options, '');
  }

  get session(): Session | null {
    return this.#kept?.session ?? null;
  }

  seen() {
    return poolSeen(this.#options, this.#state);
  }

  /** What the platform records of it now. */
  recorded(record: ServerRecord, assigned: number | null, tenants: string[] | null): void {
    Object.assign(this.#state, { record, assigned, tenants });
    if (this.#state.up === null) this.#state.observedAt = this.#options.now();
    this.#tell(this.#news.drift(this.seen()));
  }

  /** Asks the server itself from now on; goes on when it is asked in this way already. A text: why it is not asked. */
  async reach(way: Way | string): Promise<void> {
    const on = typeof way === 'string' ? way : way.on;
    if (on === this.#on) return;
    this.#on = on;
    Object.assign(this.#state, { up: null, downReason: typeof way === 'string' ? way : null });
    this.#forget();
    await this.#kept?.stop();
    if (this.#on !== on) return; // meanwhile it was told another way, or to stop
    this.#kept = typeof way === 'string' ? null : this.#keep(way);
  }

  /** Reads again now. */
  hurry(): void {
    this.#kept?.hurry();
  }

  async stop(): Promise<void> {
    this.#on = null;
    await this.#kept?.stop();
  }

  #keep(way: Way): Kept {
    const { counted, everyMs, sink } = this.#options;
    return keep({
      open: async signal => counted(await way.open(signal)),
      pulseMs: way.pulseMs,
      everyMs,
      read: session => this.#read(session),
      alive: latencyMs => this.#alive(latencyMs),
      lost: error => this.#lost(error, way.indirect),
      unread: error => sink.log(`${this.id}: reading failed: ${whyNot(error)}`),
    });
  }

  #alive(ms: number): void {
    Object.assign(this.#state, { up: true, downReason: null, full: false, latencyMs: this.#latency.add(ms) });
    this.#observed();
    this.#options.verdict(null);
  }

  #lost(error: unknown, indirect: boolean): void {
    const up = isItsOwn(error, indirect) ? false : null;
    Object.assign(this.#state, { up, downReason: whyNot(error), full: this.#options.dialect.isFull(error) });
    this.#forget();
    this.#observed();
    this.#options.verdict(error);
  }

  async #read(session: Session): Promise<void> {
    const { attended, dialect, everyMs, now } = this.#options;
    const facts = await dialect.read(session);
    const { version, maxConnections } = facts;
    Object.assign(this.#state, { facts, version, maxConnections });
    this.#listed();
    const wait = attended().has('database') ? everyMs : MEASURE_MS;
    if (now() - this.#measuredAt < wait) return;
    this.#measuredAt = now();
    this.#state.measures = await dialect.measure(session, facts.databases);
    this.#listed();
  }

  /** What it said before is not known to hold any more. */
  #forget(): void {
    Object.assign(this.#state, { latencyMs: null, facts: null, measures: new Map() });
    this.#latency.reset();
    this.#measuredAt = Number.NEGATIVE_INFINITY;
  }

  #listed(): void {
    const { sink, listed } = this.#options;
    this.#observed();
    const listing = sink.list('database', database => database.pool === this.id);
    const databases = this.#state.facts?.databases.filter(each => !each.template) ?? [];
    listing.put(databases.map(each => databaseSeen(this.#options, each, this.#state)));
    listing.end();
    this.#hasListed = true;
    listed();
  }

  #observed(): void {
    this.#state.observedAt = this.#options.now();
    const seen = this.seen();
    this.#options.sink.put([seen]);
    this.#tell(this.#news.of(seen));
  }

  #tell(news: News[]): void {
    const { source, name, sink, now } = this.#options;
    for (const each of news) {
      sink.event({ ...each, key: `${this.id} ${each.reason}`, at: now(), source, about: this.id, subject: name });
    }
  }
}
