import { setTimeout as sleep } from 'node:timers/promises';
import { startDemo } from '../src/demo/client.ts';
import type { Kind } from '../src/model/entity.ts';
import { createSource } from '../src/profile/create-source.ts';
import { ProfileSchema, type SourceOptions } from '../src/profile/schema.ts';
import type { Source } from '../src/sources/source.ts';
import { type CountingRelay, countingRelay } from '../test/helpers/counting-relay.ts';
import { RecordingSink } from '../test/helpers/recording-sink.ts';
import type { Figure } from './measurement.ts';
import { SEED, until } from './screen.ts';

const SETTLED_MS = 20_000;
/** Everything that is asked again and again comes round within a minute: an hour is thirty of these. */
const WINDOW_MS = 120_000;
const WINDOWS = 30;

/** What the overview shows. */
const ATTENDED: ReadonlySet<Kind> = new Set(['node', 'workload', 'replica', 'pool', 'directory', 'check']);

/** How a request to an engine counts. */
const SWARM_KINDS: Record<string, RegExp> = {
  'services with their counts': /\/services/,
  'all tasks': /\/tasks\??$/,
  'tasks of some services': /\/tasks\?filters/,
  nodes: /\/nodes/,
  networks: /\/networks/,
  'proof of life': /\/_ping/,
};

/**
 * Requests to each system in an hour of watching it at rest, at the intervals that a profile has when it says nothing:
 * counted by the sources, and those to the engine on their way there, by kind.
 */
export async function requests(): Promise<Figure[]> {
  const demo = await startDemo({ seed: SEED, scenario: 'still' });
  const { sources } = ProfileSchema.parse(demo.profile);
  const { swarm, postgres, mariadb, cephfs, http } = sources;
  if (swarm?.kind !== 'swarm' || cephfs?.kind !== 'cephfs' || http?.kind !== 'http')
    throw new Error('a source is not there');
  const { hostname, port } = new URL(swarm.host ?? '');
  const relay = await countingRelay(hostname, Number(port));
  const watched: Record<string, SourceOptions | undefined> = {
    swarm: { ...swarm, host: `tcp://127.0.0.1:${relay.port}` },
    postgres,
    mariadb,
    cephfs: { ...cephfs, everySeconds: 15 },
    http: { ...http, everySeconds: 10 },
  };
  const started: Source[] = [];
  try {
    for (const [name, options] of Object.entries(watched)) if (options) started.push(await start(name, options));
    await sleep(SETTLED_MS);
    const before = new Map(started.map(source => [source, source.requests]));
    const asked = relay.asked.length;
    await sleep(WINDOW_MS);
    return [
      ...started.map(source => perHour(`${source.name}, all`, source.requests - (before.get(source) ?? 0))),
      ...byKind(relay, asked),
    ];
  } finally {
    await Promise.all(started.map(source => source.stop()));
    await relay.close();
    await demo.close();
  }
}

async function start(name: string, options: SourceOptions): Promise<Source> {
  const [source, sink] = [await createSource(name, options), new RecordingSink()];
  source.attend?.(ATTENDED);
  source.start(sink);
  await until(() => sink.phase === 'live', `${name} is not live`);
  return source;
}

function byKind({ asked }: CountingRelay, from: number): Figure[] {
  const since = asked.slice(from);
  return Object.entries(SWARM_KINDS).map(([kind, pattern]) =>
    perHour(`swarm, ${kind}`, since.filter(request => pattern.test(request)).length),
  );
}

function perHour(what: string, count: number): Figure {
  return { name: `requests in an hour: ${what}`, value: count * WINDOWS, unit: 'calls' };
}
