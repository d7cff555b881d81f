import { afterEach, expect } from 'vitest';
import { createKubernetes, type KubernetesOptions } from '../../../src/sources/kubernetes/index.ts';
import type { Timing } from '../../../src/sources/kubernetes/timing.ts';
import type { Source } from '../../../src/sources/source.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';
import { FakeApi } from './fake-api.ts';

/** Waits so short that a test can sit through them; what must not happen by itself is far away. */
const QUICK: Partial<Timing> = {
  answerMs: 5_000,
  watchSilenceMs: 60_000,
  settleMs: 60_000,
  healthyMs: 60_000,
  backoffMs: 5,
  backoffLimitMs: 40,
  refusedMs: 50,
  pulseMs: 20,
  pulseDeadlineMs: 5_000,
  metricsMs: 20,
  credentialsMs: 10,
  renewMs: 20,
  tickMs: 20,
};

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

export async function startApi(): Promise<FakeApi> {
  const api = await FakeApi.start();
  ends.push(() => api.close());
  return api;
}

/** A source that watches the fake server, and what it tells. */
export function watch(api: FakeApi, options: Partial<KubernetesOptions> = {}, timing: Partial<Timing> = {}) {
  const sink = new RecordingSink();
  const source: Source = createKubernetes(
    'prod',
    { kind: 'kubernetes', kubeconfig: api.kubeconfig, ...options },
    { ...QUICK, ...timing },
  );
  const token = api.token;
  source.start(sink);
  ends.push(async () => {
    await source.stop();
    const { states, coverages, events, lines } = sink;
    expect(JSON.stringify([states, [...coverages], events, lines])).not.toContain(token);
  });
  return { sink, source };
}

/** Polls until it holds. */
export function until(condition: () => unknown, what = condition.toString()): Promise<unknown> {
  return expect.poll(condition, { timeout: 10_000, interval: 5, message: what }).toBeTruthy();
}
