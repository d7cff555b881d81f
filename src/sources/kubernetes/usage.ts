import type { Sink } from '../source.ts';
import { millicores, parseRareQuantity, wholeBytes } from './quantity.ts';
import { items, type Wire } from './wire.ts';

export interface Used {
  cpuUsedMillicores: number | null;
  memoryUsedBytes: number | null;
}

interface Amounts {
  usage?: { cpu?: unknown; memory?: unknown };
}

/** NodeMetrics and PodMetrics. */
export interface Metrics extends Wire, Amounts {
  timestamp?: unknown;
  containers?: Amounts[];
}

/** All that is measured under a prefix of ids. */
interface Answer {
  prefix: string;
}

interface Known extends Used {
  /** Which told it last. */
  answer: Answer;
}

const UNKNOWN: Used = { cpuUsedMillicores: null, memoryUsedBytes: null };

/** What nodes or pods use, as metrics.k8s.io told it last: objects that are read anew must not lose it. */
export class Usage {
  readonly #kind: 'node' | 'replica';
  readonly #sink: Sink;
  readonly #byId = new Map<string, Known>();
  /** By prefix, of the last answer. */
  readonly #measuredAt = new Map<string, number | null>();

  constructor(kind: 'node' | 'replica', sink: Sink) {
    this.#kind = kind;
    this.#sink = sink;
  }

  of(id: string): Used {
    const { cpuUsedMillicores, memoryUsedBytes } = this.#byId.get(id) ?? UNKNOWN;
    return { cpuUsedMillicores, memoryUsedBytes };
  }

  /** When the oldest of what was told last was measured, milliseconds since 1970; null when that is not known. */
  get measuredAt(): number | null {
    return [...this.#measuredAt.values()].reduce(older, null);
  }

  /**
   * An answer begins that tells all that is measured under a prefix of ids; at its end the rest is no longer known.
   * `measuredAt`: when the oldest of it was measured.
   */
  answer(prefix: string): { take(id: string, used: Used): void; end(measuredAt: number | null): void } {
    const answer = { prefix };
    return {
      take: (id, used) => this.#take(id, used, answer),
      end: measuredAt => {
        // Where one namespace was asked before, all are now.
        for (const other of this.#measuredAt.keys()) if (other.startsWith(prefix)) this.#measuredAt.delete(other);
        this.#measuredAt.set(prefix, measuredAt);
        this.#forget(id => id.startsWith(prefix), answer);
      },
    };
  }

  /** No answer comes for a prefix any more; what others tell of the same, of one namespace, is still known. */
  lose(prefix: string): void {
    this.#measuredAt.delete(prefix);
    this.#forget((_, { answer }) => answer.prefix === prefix);
  }

  /** A deleted object takes its usage with it. */
  forget(id: string): void {
    this.#byId.delete(id);
  }

  #take(id: string, used: Used, answer: Answer): void {
    const known = this.#byId.get(id);
    if (!known) this.#byId.set(id, { ...used, answer });
    else {
      known.answer = answer;
      if (known.cpuUsedMillicores === used.cpuUsedMillicores && known.memoryUsedBytes === used.memoryUsedBytes) return;
      Object.assign(known, used);
    }
    this.#sink.patch(this.#kind, id, used);
  }

  #forget(which: (id: string, known: Known) => boolean, except?: Answer): void {
    for (const [id, known] of this.#byId) {
      if (known.answer === except || !which(id, known)) continue;
      this.#byId.delete(id);
      this.#sink.patch(this.#kind, id, UNKNOWN);
    }
  }
}

/** The usage of a NodeMetrics, or of a PodMetrics' containers together. */
export function usedBy(metrics: Metrics): Used {
  const used: Used = { ...UNKNOWN };
  for (const { usage } of metrics.usage ? [metrics] : items(metrics.containers)) {
    used.cpuUsedMillicores = sum(used.cpuUsedMillicores, millicores(parseRareQuantity(usage?.cpu)));
    used.memoryUsedBytes = sum(used.memoryUsedBytes, wholeBytes(parseRareQuantity(usage?.memory)));
  }
  return used;
}

/** The lesser of two moments that are known. */
export function older(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

/** Of what is known. */
function sum(so: number | null, more: number | null): number | null {
  return more === null ? so : (so ?? 0) + more;
}
