import { setTimeout as sleep } from 'node:timers/promises';
import type { Seen } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import type { Sink, Source } from '../source.ts';
import { SteadyLatency } from '../steady.ts';
import { type Answer, ask } from './ask.ts';
import type { HttpCheck, HttpOptions } from './options.ts';
import { Standing } from './standing.ts';

export type { HttpOptions } from './options.ts';

/**
 * Asks endpoints again and again, each by itself. Live means that at least one gave an answer in HTTP, whatever it said,
 * when it was last asked: one that fails is a fact about it, but when none answers, it is as likely this machine's
 * network that is down.
 */
export function createHttp(name: string, options: HttpOptions, { now = Date.now } = {}): Source {
  const ending = new AbortController();
  const answers = new Map<string, unknown>();
  const standing = new Standing(options.checks);
  let requests = 0;
  let done: Promise<unknown> = Promise.resolve();

  async function watch(check: HttpCheck, sink: Sink): Promise<void> {
    const latency = new SteadyLatency();
    let failed: boolean | null = null;
    while (!ending.signal.aborted) {
      requests++;
      const answer = await ask(check, ending.signal).catch(() => null);
      if (!answer || ending.signal.aborted) return;
      if (answer.latencyMs !== null) latency.add(answer.latencyMs);
      // An answer whose time could not be told leaves what is usual.
      const latencyMs = answer.status === null ? null : latency.told;
      const seen = noun(name, check, { ...answer, latencyMs }, now());
      answers.set(seen.id, { ...answer, askedAt: new Date(now()).toISOString(), method: check.method, url: seen.url });
      sink.put([seen]);
      standing.tell(check, answer, sink);
      if (answer.failure !== null && !failed) tell(sink, seen, 'bad', 'failed', answer.failure);
      if (answer.failure === null && failed) tell(sink, seen, 'info', 'recovered', 'it is well again');
      failed = answer.failure !== null;
      await sleep(options.everySeconds * 1000, undefined, { signal: ending.signal }).catch(() => {});
    }
  }

  function tell(
    sink: Sink,
    { id, name: subject }: Seen<'check'>,
    severity: 'bad' | 'info',
    reason: string,
    message: string,
  ): void {
    sink.event({ key: `${id} ${reason}`, at: now(), severity, source: name, about: id, subject, reason, message });
  }

  return {
    name,
    kind: 'http',
    registry: name => options.registries[name] ?? null,
    credentials: async (_, signal) => (await import('./certificates.ts')).certificatesOf(options.checks, signal),
    get requests() {
      return requests;
    },
    start(sink) {
      const count = options.checks.length;
      sink.state({ phase: 'connecting', target: count === 1 ? '1 endpoint' : `${count} endpoints` });
      const listing = sink.list('check');
      listing.put(
        options.checks.map(check => noun(name, check, { status: null, latencyMs: null, failure: null }, now())),
      );
      listing.end();
      done = Promise.all(options.checks.map(check => watch(check, sink)));
    },
    async stop() {
      ending.abort();
      await done;
    },
    raw: async (_kind, id) => answers.get(id) ?? null,
  };
}

function noun(source: string, check: HttpCheck, answer: Answer, at: number): Seen<'check'> {
  const name = printable(check.name, 200);
  return {
    id: `${source}/check/${name}`,
    kind: 'check',
    name,
    source,
    observedAt: at,
    uid: null,
    version: null,
    createdAt: null,
    labels: check.host ? { host: printable(check.host, 200) } : {},
    url: printable(maskText(check.url), 400),
    ...answer,
  };
}
