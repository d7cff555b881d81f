import { setTimeout as sleep } from 'node:timers/promises';
import type { Coverage } from '../source.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { idOf } from './ids.ts';
import { inTurns, readPage } from './page.ts';
import { EITHER, NODE_METRICS, POD_METRICS } from './protobuf.ts';
import type { Timing } from './timing.ts';
import { forbidden, troubleOf } from './trouble.ts';
import { type Metrics, older, type Usage, usedBy } from './usage.ts';
import { text, time } from './wire.ts';

export interface MetricsOptions {
  api: Api;
  source: string;
  word: 'node' | 'pod';
  namespace: string | null;
  usage: Usage;
  tell(coverage: Coverage): void;
  /** Milliseconds until the next poll, where there is little to tell. */
  everyMs(): number;
  /** Aborts when that becomes less. */
  hurry(): AbortSignal;
  timing: Timing;
}

const MESSAGES = { node: NODE_METRICS, pod: POD_METRICS };
/** What is worked on without a turn for anything else. */
const AT_ONCE = 100;

const ROOT = '/apis/metrics.k8s.io/v1beta1';
/** After so many failures in a row the last numbers are no longer shown as what is used. */
const FORGET_AFTER = 3;

/** Polls metrics.k8s.io, which cannot be watched, for ever. */
export async function pollMetrics(options: MetricsOptions, signal: AbortSignal): Promise<void> {
  const { api, source, word, namespace, usage, tell, timing } = options;
  const prefix = namespace === null ? `${source}/` : `${source}/${namespace}/`;
  const path = `${ROOT}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${word}s`;
  let failures = 0;
  let count = 0;
  while (!signal.aborted) {
    let waitMs = () => Math.max(options.everyMs(), Math.min(count * timing.metricsEachMs, timing.metricsUnattendedMs));
    try {
      count = await take(await api.whole({ path, accept: EITHER }, signal), prefix, options, signal);
      if (failures > 0) tell({ state: 'complete' });
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      count = 0;
      const coverage = coverageOf(error, options);
      if (coverage.state !== 'failed' || failures >= FORGET_AFTER) {
        usage.lose(prefix);
        tell(coverage);
      }
      if (coverage.state !== 'failed') waitMs = () => timing.refusedMs;
    }
    await rest(waitMs, options, signal);
  }
}

async function rest(waitMs: () => number, { hurry }: MetricsOptions, signal: AbortSignal): Promise<void> {
  const since = performance.now();
  for (;;) {
    const left = since + waitMs() - performance.now();
    if (left <= 0 || signal.aborted) return;
    await sleep(left, undefined, { signal: AbortSignal.any([signal, hurry()]) }).catch(() => {});
  }
}

/** Takes an answer, as much at a time as holds up nobody. Returns how much it told. */
async function take(
  answered: { body: Buffer; type: string },
  prefix: string,
  { source, word, usage }: MetricsOptions,
  signal: AbortSignal,
): Promise<number> {
  const answer = usage.answer(prefix);
  let count = 0;
  let measuredAt: number | null = null;
  for await (const some of inTurns(readPage(answered, MESSAGES[word]).objects, AT_ONCE)) {
    signal.throwIfAborted();
    count += some.length;
    for (const metrics of some as Metrics[]) {
      const name = text(metrics.metadata?.name);
      const namespace = word === 'node' ? null : text(metrics.metadata?.namespace);
      measuredAt = older(measuredAt, time(metrics.timestamp));
      if (name) answer.take(idOf(source, word, name, namespace), usedBy(metrics));
    }
  }
  answer.end(measuredAt);
  return count;
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
