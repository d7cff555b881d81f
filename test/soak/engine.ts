import { openSession } from '../../src/cli/session.ts';
import { KINDS } from '../../src/model/entity.ts';
import { ProfileSchema } from '../../src/profile/schema.ts';
import type { Ask, EngineOptions, Picture, Report } from './messages.ts';

/**
 * The program without its screen, in a process of its own, so that memory, requests and whatever goes wrong are the
 * program's alone. Started by ./observer.ts with `--expose-gc`; ends when the channel to it closes.
 */
const SAMPLE_MS = 5_000;

const { sources, storePath }: EngineOptions = JSON.parse(process.argv[2] ?? '');
process.on('unhandledRejection', reason => tell({ type: 'fault', text: `unhandled rejection: ${textOf(reason)}` }));
process.on('uncaughtException', error => tell({ type: 'fault', text: `uncaught exception: ${textOf(error)}` }));
process.on('warning', warning => tell({ type: 'fault', text: `warning: ${textOf(warning)}` }));

const session = openSession(
  {
    name: 'soak',
    title: 'soak',
    profile: ProfileSchema.parse({}),
    kinds: Object.fromEntries(Object.entries(sources).map(([name, { kind }]) => [name, kind])),
    sources: Promise.resolve(sources),
    demo: false,
    origin: 'the soak',
    storePath,
    triggers: [],
    trigger: async () => null,
    close: async () => {},
  },
  {
    tell: ({ what, why }) => tell({ type: 'fault', text: `${what}: ${why}` }),
    onEvent: ({ source, reason, subject, message }) => tell({ type: 'event', source, reason, subject, message }),
  },
);
const { fleet } = session;
const coverages = new Map<string, string>();
let version = -1;
fleet.subscribe(() => {
  if (fleet.version('sources') !== version) tellCoverages();
  version = fleet.version('sources');
});
process.on('message', (ask: Ask) => {
  tell(ask === 'states' ? { type: 'states', states: fleet.sources() } : { type: 'picture', ...picture() });
});
process.once('disconnect', () => void session.close().finally(() => process.exit()));
// Ctrl-C is for the soak, which then ends this process in order.
process.on('SIGINT', () => {});
setInterval(sample, SAMPLE_MS);
await session.begin();

function picture(): Picture {
  fleet.flush();
  return {
    lacking: fleet.sources().flatMap(({ name }) => KINDS.flatMap(kind => lack(name, kind))),
    nouns: Object.fromEntries(KINDS.map(kind => [kind, [...fleet.all(kind).values()]])) as unknown as Picture['nouns'],
  };
}

/** What of a source's kinds is now complete, or no longer. */
function tellCoverages(): void {
  for (const { name } of fleet.sources())
    for (const kind of KINDS) {
      const coverage = fleet.coverage(name, kind);
      if (!coverage) continue;
      const troubles = coverage.state === 'complete' ? coverage.except : 'trouble' in coverage && [coverage.trouble];
      const text = [coverage.state, ...(troubles || []).map(({ why }) => why)].join(': ');
      const before = coverages.get(`${name} ${kind}`);
      coverages.set(`${name} ${kind}`, text);
      if (before !== undefined && before !== text)
        tell({ type: 'event', source: name, subject: kind, reason: 'list', message: text });
    }
}

function lack(name: string, kind: (typeof KINDS)[number]): string[] {
  const coverage = fleet.coverage(name, kind);
  if (!coverage || coverage.state === 'complete' || coverage.state === 'absent') return [];
  return [`${name} ${kind} ${coverage.state}${'trouble' in coverage ? `: ${coverage.trouble.why}` : ''}`];
}

function sample(): void {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  tell({
    type: 'sample',
    at: process.uptime(),
    heapBytes: heapUsed,
    rssBytes: rss,
    cpuSeconds: (user + system) / 1e6,
    requests: Object.fromEntries(fleet.sources().map(({ name }) => [name, fleet.source(name)?.requests ?? 0])),
  });
}

function tell(report: Report): void {
  if (process.connected) process.send?.(report);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
