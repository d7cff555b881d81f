import type { Sink } from '../source.ts';
import { parseBytes, parseMillicores } from './quantity.ts';
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

const UNKNOWN: Used = { cpuUsedMillicores: null, memoryUsedBytes: null };

/** What nodes or pods use, as metrics.k8s.io told it last: objects that are read anew must not lose it. */
export class Usage {
  readonly #kind: 'node' | 'replica';
  readonly #sink: Sink;
  readonly #byId = new Map<string, Used>();

  constructor(kind: 'node' | 'replica', sink: Sink) {
    this.#kind = kind;
    this.#sink = sink;
  }

  of(id: string): Used {
    return this.#byId.get(id) ?? UNKNOWN;
  }

  /** Takes all that was measured under a prefix of ids; what is no longer measured is no longer known. */
  replace(prefix: string, measured: ReadonlyMap<string, Used>): void {
    for (const [id, used] of measured) {
      const before = this.of(id);
      if (before.cpuUsedMillicores === used.cpuUsedMillicores && before.memoryUsedBytes === used.memoryUsedBytes)
        continue;
      this.#byId.set(id, used);
      this.#sink.patch(this.#kind, id, used);
    }
    for (const id of this.#byId.keys()) {
      if (!id.startsWith(prefix) || measured.has(id)) continue;
      this.#byId.delete(id);
      this.#sink.patch(this.#kind, id, UNKNOWN);
    }
  }

  /** A deleted object takes its usage with it. */
  forget(id: string): void {
    this.#byId.delete(id);
  }
}

/** The usage of a NodeMetrics, or of a PodMetrics' containers together. */
export function usedBy(metrics: Metrics): Used {
  const amounts = metrics.usage ? [metrics] : items(metrics.containers);
  const sum = (of: (amount: Amounts) => number | null) =>
    amounts.reduce<number | null>((total, amount) => {
      const used = of(amount);
      return used === null ? total : (total ?? 0) + used;
    }, null);
  return {
    cpuUsedMillicores: sum(({ usage }) => parseMillicores(usage?.cpu)),
    memoryUsedBytes: sum(({ usage }) => parseBytes(usage?.memory)),
  };
}
