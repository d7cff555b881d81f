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
  #answers = 0;

  constructor(kind: 'node' | 'replica', sink: Sink) {
    this.#kind = kind;
    this.#sink = sink;
  }

  of(id: string): Used {
    const { cpuUsedMillicores, memoryUsedBytes } = this.#byId.get(id) ?? UNKNOWN;
    return { cpuUsedMillicores, memoryUsedBytes };
  }

  /** An answer begins that tells all that is measured under a prefix of ids; at its end the rest is no longer known. */
  answer(prefix: string): { take(id: string, used: Used): void; end(): void } {
    const answer = ++this.#answers;
    return { take: (id, used) => this.#take(id, used, answer), end: () => this.#end(prefix, answer) };
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

/** Of what is known. */
function sum(so: number | null, more: number | null): number | null {
  return more === null ? so : (so ?? 0) + more;
}
