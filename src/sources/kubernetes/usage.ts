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

interface Known extends Used {
  /** The answer that told it last. */
  answer: number;
}

const UNKNOWN: Used = { cpuUsedMillicores: null, memoryUsedBytes: null };

/** What nodes or pods use, as metrics.k8s.io told it last: objects that are read anew must not lose it. */
export class Usage {
  readonly #kind: 'node' | 'replica';
  readonly #sink: Sink;
  readonly #byId = new Map<string, Known>();
  /** By prefix, of the last answer. */
  readonly #measuredAt = new Map<string, number | null>();
  #answers = 0;

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
    const answer = ++this.#answers;
    return {
      take: (id, used) => this.#take(id, used, answer),
      end: measuredAt => {
        this.#measuredAt.set(prefix, measuredAt);
        this.#end(prefix, answer);
      },
    };
  }

  /** A deleted object takes its usage with it. */
  forget(id: string): void {
    this.#byId.delete(id);
  }

  #take(id: string, used: Used, answer: number): void {
    const known = this.#byId.get(id);
    if (!known) this.#byId.set(id, { ...used, answer });
    else {
      known.answer = answer;
      if (known.cpuUsedMillicores === used.cpuUsedMillicores && known.memoryUsedBytes === used.memoryUsedBytes) return;
      Object.assign(known, used);
    }
    this.#sink.patch(this.#kind, id, used);
  }

  #end(prefix: string, answer: number): void {
    for (const [id, known] of this.#byId) {
      if (known.answer === answer || !id.startsWith(prefix)) continue;
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
