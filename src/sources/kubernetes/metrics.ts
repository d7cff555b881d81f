import { setTimeout as sleep } from 'node:timers/promises';
import type { Coverage } from '../source.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { idOf } from './ids.ts';
import type { Timing } from './timing.ts';
import { forbidden, troubleOf } from './trouble.ts';
import { type Metrics, type Usage, type Used, usedBy } from './usage.ts';
import { items, text } from './wire.ts';

export interface MetricsOptions {
  api: Api;
  source: string;
  word: 'node' | 'pod';
  namespace: string | null;
  usage: Usage;
  tell(coverage: Coverage): void;
  /** Milliseconds until the next poll. */
  everyMs(): number;
  timing: Timing;
}

interface MetricsList {
  items?: Metrics[];
}

const ROOT = '/apis/metrics.k8s.io/v1beta1';
/** After so many failures in a row the last numbers are no longer shown as what is used. */
const FORGET_AFTER = 3;

/** Polls metrics.k8s.io, which cannot be watched, for ever. */
export async function pollMetrics(options: MetricsOptions, signal: AbortSignal): Promise<void> {
  const { api, source, word, namespace, usage, tell, everyMs, timing } = options;
  const prefix = namespace === null ? `${source}/` : `${source}/${namespace}/`;
  const path = `${ROOT}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${word}s`;
  let failures = 0;
  while (!signal.aborted) {
    let wait = everyMs();
    try {
      usage.replace(prefix, measured((await api.json(path, signal)) as MetricsList, source, word));
      if (failures > 0) tell({ state: 'complete' });
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      const coverage = coverageOf(error, options);
      if (coverage.state !== 'failed' || failures >= FORGET_AFTER) {
        usage.replace(prefix, new Map());
        tell(coverage);
      }
      if (coverage.state !== 'failed') wait = timing.refusedMs;
    }
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

function measured(list: MetricsList, source: string, word: 'node' | 'pod'): Map<string, Used> {
  if (!Array.isArray(list?.items)) throw new Error('the answer is no list');
  const found = new Map<string, Used>();
  for (const metrics of items(list.items)) {
    const name = text(metrics.metadata?.name);
    if (name)
      found.set(idOf(source, word, name, word === 'node' ? null : text(metrics.metadata?.namespace)), usedBy(metrics));
  }
  return found;
}

function coverageOf(error: unknown, { api, word, namespace }: MetricsOptions): Coverage {
  const on = api.context.name;
  if (error instanceof ApiError && error.status === 404) {
    const trouble = {
      what: `read the usage of ${word}s`,
      on,
      why: 'there is no metrics.k8s.io',
      fix: 'install metrics-server',
    };
    return { state: 'absent', trouble };
  }
  if (error instanceof ApiError && error.status === 403) {
    const resource = `${word}s.metrics.k8s.io`;
    return { state: 'forbidden', trouble: forbidden('list', resource, namespace, on, error.message) };
  }
  return { state: 'failed', trouble: troubleOf(error, `read the usage of ${word}s`, on) };
}
