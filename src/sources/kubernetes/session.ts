import type { Kind } from '../../model/entity.ts';
import { orAbort } from '../pulse.ts';
import type { Coverage, Sink } from '../source.ts';
import type { Api } from './api.ts';
import { currentContext, writtenAt } from './config.ts';
import { Coverages } from './coverages.ts';
import { Follower } from './follow.ts';
import { Gate } from './gate.ts';
import { heartbeat } from './heartbeat.ts';
import { Lineage } from './lineage.ts';
import { pollMetrics } from './metrics.ts';
import type { KubernetesOptions } from './options.ts';
import { pathOfAll, type Resource, resources, rightName } from './resources.ts';
import { served } from './served.ts';
import { Shared } from './shared.ts';
import type { Timing } from './timing.ts';
import { troubleOf } from './trouble.ts';
import { Usage } from './usage.ts';

export interface SessionOptions {
  name: string;
  api: Api;
  sink: Sink;
  options: KubernetesOptions;
  timing: Timing;
  /** Whether somebody looks at replicas now. */
  attended(): boolean;
}

/** Starts to read something in one namespace or in all; `tell` hears what is known of it. */
type Start = (namespace: string | null, signal: AbortSignal, tell?: (coverage: Coverage) => void) => void;

/** A timer that fires so much too late was asleep with its machine. */
const SLEPT_MS = 30_000;

/** All that goes on with one API server. */
export class Session {
  readonly #on: SessionOptions;
  readonly #coverages: Coverages;
  readonly #usage: { node: Usage; replica: Usage };
  readonly #followers = new Set<Follower>();
  readonly #running = new Set<Promise<void>>();
  readonly #gates = { firstLists: new Gate(8), laterLists: new Gate(2) };
  readonly #lineage: Lineage;
  /** What is known of pods: all, or why not. */
  readonly #podsTold = Promise.withResolvers<void>();
  #narrowed = false;
  /** Aborts when somebody begins to look. */
  #unseen = new AbortController();

  constructor(on: SessionOptions) {
    this.#on = on;
    this.#lineage = new Lineage(on.api);
    this.#coverages = new Coverages(on.sink);
    this.#usage = { node: new Usage('node', on.sink), replica: new Usage('replica', on.sink) };
  }

  /** When the usage that nouns of a kind have was measured. */
  measuredAt(kind: Kind): number | null {
    if (kind === 'node') return this.#usage.node.measuredAt;
    return kind === 'replica' || kind === 'workload' ? this.#usage.replica.measuredAt : null;
  }

  /** Somebody looks at replicas now: their usage may be due. */
  attend(): void {
    this.#unseen.abort();
    this.#unseen = new AbortController();
  }

  /** Resolves when the signal has aborted and everything has ended. */
  async run(signal: AbortSignal): Promise<void> {
    const { name, api, sink, timing } = this.#on;
    const projecting = { source: name, shared: new Shared(), now: Date.now };
    for (const resource of resources(sink, projecting, this.#usage)) {
      const follow = () => this.#read(resource.namespaced, signal, this.#following(resource));
      if (resource.version) {
        const known = resource.kind ? this.#coverages.maybe(resource.kind, resource.plural) : () => {};
        const there = served(resource, { api, timing, signal, absent: known });
        this.#run(there.then(is => (is ? follow() : undefined)).then(known));
      } else follow();
    }
    this.#read(false, signal, this.#polling('node'));
    this.#read(true, signal, this.#polling('pod'));
    const stopTicking = this.#tick();
    await heartbeat({ api, sink, timing, answers: since => this.#answers(since, signal) }, signal);
    stopTicking();
    while (this.#running.size > 0) await Promise.all(this.#running);
    api.close();
  }

  /** Reads in the namespaces that are asked for; where all of them may not be read, in that of the context. */
  #read(namespaced: boolean, signal: AbortSignal, start: Start): void {
    const { options, api } = this.#on;
    const asked = options.namespaces ?? 'all';
    if (!namespaced) return start(null, signal);
    if (asked !== 'all') {
      for (const namespace of new Set(asked)) start(namespace, signal);
      return;
    }
    let narrow: AbortController | null = null;
    start(null, signal, coverage => {
      if (coverage.state === 'forbidden' && !narrow) {
        narrow = new AbortController();
        this.#tellNarrowed();
        start(api.context.namespace, AbortSignal.any([signal, narrow.signal]));
      } else if (coverage.state === 'complete' && narrow) {
        narrow.abort();
        narrow = null;
      }
    });
  }

  #following(resource: Resource): Start {
    const { api, sink, timing } = this.#on;
    return (namespace, signal, also) => {
      const right = rightName(resource);
      const tell = this.#teller(resource, `${right} ${namespace ?? ''}`);
      const follower = new Follower({
        api,
        path: pathOfAll(resource, namespace),
        resource: right,
        namespace,
        receiver: resource.receiver(namespace),
        message: resource.message,
        tell: coverage => {
          tell(coverage);
          also?.(coverage);
          if (resource.plural === 'pods') this.#podsTold.resolve();
        },
        log: line => sink.log(line),
        ...this.#gates,
        timing,
      });
      this.#followers.add(follower);
      this.#run(follower.run(signal).finally(() => this.#followers.delete(follower)));
    };
  }

  #polling(word: 'node' | 'pod'): Start {
    const { name: source, api, timing, attended } = this.#on;
    const kind = word === 'pod' ? 'replica' : 'node';
    return (namespace, signal, also) => {
      const tell = this.#coverages.extra(kind, `usage ${namespace ?? ''}`);
      const everyMs = () => (word === 'node' || attended() ? timing.metricsMs : timing.metricsUnattendedMs);
      const hurry = () => this.#unseen.signal;
      const options = { api, source, word, namespace, usage: this.#usage[kind], everyMs, hurry, timing };
      const both = (coverage: Coverage) => {
        tell(coverage);
        also?.(coverage);
      };
      // What ten thousand pods use is megabytes, and says nothing before they are there.
      const begun = word === 'pod' ? orAbort(this.#podsTold.promise, signal).catch(() => {}) : Promise.resolve();
      this.#run(begun.then(() => pollMetrics({ ...options, tell: both }, signal)));
    };
  }

  #run(task: Promise<void>): void {
    const ended = task
      .catch((error: unknown) => this.#on.sink.log(`ended by a fault of its own: ${error}`))
      .finally(() => this.#running.delete(ended));
    this.#running.add(ended);
  }

  /** Events are no kind of noun: what they lack is told in the feed that they would fill. */
  #teller({ kind, extra, plural }: Resource, part: string): (coverage: Coverage) => void {
    if (kind) return extra ? this.#coverages.extra(kind, part) : this.#coverages.part(kind, part);
    return coverage => {
      if (coverage.state !== 'forbidden') return;
      const { what, why } = coverage.trouble;
      this.#event(`forbidden/${plural}`, 'Forbidden', `not allowed to ${what}: ${why}`);
    };
  }

  #tellNarrowed(): void {
    if (this.#narrowed) return;
    this.#narrowed = true;
    const { namespace } = this.#on.api.context;
    this.#event('narrowed', 'Forbidden', `not all namespaces may be read: only ${namespace} is shown`);
  }

  #event(key: string, reason: string, message: string): void {
    const { name: source, sink, api } = this.#on;
    const subject = `context/${api.context.name}`;
    sink.event({
      key: `${source}/${key}`,
      at: Date.now(),
      severity: 'warn',
      source,
      about: null,
      subject,
      reason,
      message,
      count: 1,
    });
  }

  #answers(since: number | null, signal: AbortSignal): void {
    const known = [...this.#followers].map(({ version }) => version).filter(version => version !== null);
    const newest = known.reduce<bigint | null>(
      (most, version) => (most === null || version > most ? version : most),
      null,
    );
    if (since !== null) this.#kick(since);
    this.#run(
      this.#lineage.isBroken(newest, signal).then(broken => {
        if (!broken || signal.aborted) return;
        this.#event('lineage', 'Replaced', 'the server was set back or made anew: everything is read again');
        for (const follower of this.#followers) follower.restart();
      }),
    );
  }

  #kick(since?: number): void {
    for (const follower of this.#followers) follower.kick(since);
  }

  /** Looks now and then whether the machine slept, and whether the kubeconfig was changed. */
  #tick(): () => void {
    const { api, options, timing, sink } = this.#on;
    let last = Date.now();
    let { written, current } = api.opened;
    const look = async () => {
      const stamp = await writtenAt(options);
      if (stamp === written) return;
      written = stamp;
      const before = current;
      current = await currentContext(options);
      await api.reload().catch((error: unknown) => {
        this.#event('kubeconfig', 'KubeconfigChanged', troubleOf(error, 'read the kubeconfig', api.context.name).why);
      });
      if (before !== api.context.name || current === null || current === before) return;
      const message = `kubectl's current context is ${current} now; this stays on ${before}`;
      this.#event(`context/${current}`, 'ContextMoved', message);
    };
    void look();
    const timer = setInterval(() => {
      const late = Date.now() - last - timing.tickMs;
      last = Date.now();
      if (late > SLEPT_MS) {
        sink.log(`slept for ${Math.round(late / 1000)} s: connecting anew`);
        api.close();
        this.#kick();
      }
      void look();
    }, timing.tickMs);
    return () => clearInterval(timer);
  }
}
