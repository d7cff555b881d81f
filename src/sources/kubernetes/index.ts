import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from '../../model/entity.ts';
import { reveal } from '../../model/reveal.ts';
import { maskSecrets } from '../../model/secrets.ts';
import { TroubleError } from '../../model/trouble.ts';
import { Backoff } from '../backoff.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Client } from '../client.ts';
import type { Sink, Source } from '../source.ts';
import type { Api } from './api.ts';
import { pathOf } from './ids.ts';
import type { KubernetesOptions } from './options.ts';
import type { Session } from './session.ts';
import { TIMING, type Timing } from './timing.ts';
import { troubleOf } from './trouble.ts';

export { type ContextInfo, listContexts, namespaceOf } from './config.ts';
export type { KubernetesOptions } from './options.ts';

/**
 * Watches one Kubernetes cluster. `name` is its name in the profile, with which all ids begin; `timing` is for tests.
 * Nothing is loaded or asked before `start`.
 */
export function createKubernetes(name: string, options: KubernetesOptions, timing: Partial<Timing> = {}): Source {
  const waits = { ...TIMING, ...timing };
  const life = new AbortController();
  let api: Api | null = null;
  let client: Client | null = null;
  let catalogue: Catalogue | null = null;
  let session: Session | null = null;
  let running: Promise<void> = Promise.resolve();
  let attended = true;

  return {
    name,
    kind: 'kubernetes',
    get requests() {
      return api?.requests ?? 0;
    },
    start(sink) {
      running = run(sink, life.signal).catch((error: unknown) => {
        sink.state({ phase: 'off', trouble: troubleOf(error, 'watch the cluster', name) });
      });
    },
    async stop() {
      life.abort();
      await running;
    },
    raw: async (kind, id, signal) => maskSecrets(await read(kind, id, signal)),
    reveal: async (kind, id, masked, signal) => reveal(await read(kind, id, signal), masked),
    client: () => client,
    catalogue: () => catalogue,
    pathOf: (kind, id) => pathOf(name, kind, id),
    logs: async (...call) => {
      const { logReader } = await import('./logs.ts');
      await logReader(
        () => api,
        replica => pathOf(name, 'replica', replica.id),
      )(...call);
    },
    async specs(namespaces, signal) {
      const { readSpecs } = await import('./specs.ts');
      return asked('read the specifications', of => readSpecs(name, of, namespaces, signal));
    },
    async credentials(namespaces, signal) {
      const { readCredentials } = await import('./credentials.ts');
      return asked('read what runs out', of => readCredentials(of, namespaces, signal));
    },
    measuredAt: kind => session?.measuredAt(kind) ?? null,
    attend(kinds) {
      const before = attended;
      attended = kinds.has('replica') || kinds.has('workload');
      if (attended && !before) session?.attend();
    },
  };

  async function asked<T>(what: string, reading: (of: Api) => Promise<T>): Promise<T> {
    if (!api) throw new TroubleError({ what, on: name, why: 'not connected yet', fix: null });
    const on = api.context.name;
    return reading(api).catch((error: unknown) => {
      throw new TroubleError(troubleOf(error, what, on), error);
    });
  }

  async function read(kind: Kind, id: string, signal: AbortSignal): Promise<unknown> {
    const path = pathOf(name, kind, id);
    const on = api?.context.name ?? name;
    if (!path) throw new TroubleError({ what: `read ${id}`, on, why: 'it is no object of this source', fix: null });
    if (!api) throw new TroubleError({ what: `read ${id}`, on, why: 'not connected yet', fix: null });
    const object = await api.json(path, signal).catch((error: unknown) => {
      throw new TroubleError(troubleOf(error, `read ${id}`, on), error);
    });
    return withoutManagedFields(object);
  }

  async function run(sink: Sink, signal: AbortSignal): Promise<void> {
    for (const kind of ['node', 'workload', 'replica', 'service', 'claim', 'route'] as const) {
      sink.coverage(kind, { state: 'asking' });
    }
    const [{ Api }, sessions, { createClient }, { catalogueOf }] = await Promise.all([
      import('./api.ts'),
      import('./session.ts'),
      import('./client.ts'),
      import('./catalogue.ts'),
    ]);
    const backoff = new Backoff({ baseMs: waits.backoffMs, limitMs: waits.backoffLimitMs });
    while (!signal.aborted && !api) {
      try {
        api = await Api.open(options, waits, signal);
        client = createClient(api);
        catalogue = catalogueOf(name, api);
      } catch (error) {
        sink.state({ phase: 'stale', trouble: troubleOf(error, 'read the kubeconfig', name) });
        await sleep(backoff.next(), undefined, { signal }).catch(() => {});
      }
    }
    if (api && !signal.aborted) {
      session = new sessions.Session({ name, api, sink, options, timing: waits, attended: () => attended });
      await session.run(signal);
    }
  }
}

/** Who changed which field when: half of the text, and of no use to a reader. */
function withoutManagedFields(object: unknown): unknown {
  const { metadata, ...rest } = (object ?? {}) as { metadata?: Record<string, unknown> };
  if (!metadata) return object;
  const { managedFields: _, ...kept } = metadata;
  return { ...rest, metadata: kept };
}
