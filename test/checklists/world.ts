import type { Item, Means } from '../../src/checklists/checklist.ts';
import { ChecklistsSchema, type Settings } from '../../src/checklists/options.ts';
import { runItem } from '../../src/checklists/run.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { ItemResult } from '../../src/model/checklist-run.ts';
import type { KINDS, Replica, Seen } from '../../src/model/entity.ts';
import type { LogPart } from '../../src/sources/logs.ts';
import type { Sink, Source, SourceKind } from '../../src/sources/source.ts';

/** 14:03 of a Monday, UTC. */
export const NOW = Date.UTC(2026, 10, 23, 14, 3);
export const HOUR = 3_600_000;

const TOLD: Record<string, { kind: SourceKind; kinds: readonly (typeof KINDS)[number][] }> = {
  prod: { kind: 'kubernetes', kinds: ['node', 'workload', 'replica'] },
  cephfs: { kind: 'cephfs', kinds: ['directory', 'storage', 'backup'] },
  postgres: { kind: 'postgres', kinds: ['pool', 'instance'] },
};

export interface World {
  fleet: Fleet;
  sinks: Record<keyof typeof TOLD, Sink>;
  /** What replicas write, by their name. */
  logs: Map<string, LogPart[]>;
  put(...seen: Seen[]): void;
  run(item: Item, change?: Partial<Means>): Promise<ItemResult>;
}

/** Sources that are live and have told all, of an empty platform; those that are left out are not set up. */
export function world(names: (keyof typeof TOLD)[] = Object.keys(TOLD)): World {
  const fleet = new Fleet({ now: () => NOW, everyMs: 0 });
  const sinks: World['sinks'] = {};
  const logs: World['logs'] = new Map();
  for (const name of names) {
    const { kind, kinds } = TOLD[name]!;
    const source: Source = {
      name,
      kind,
      requests: 0,
      start: sink => {
        sinks[name] = sink;
        sink.state({ phase: 'live', proof: true });
        for (const each of kinds) sink.list(each).end();
      },
      stop: async () => {},
      logs: async (replica: Replica, query, take) => {
        const written = (logs.get(replica.name) ?? []).filter(
          ({ at }) => at === null || query.sinceSeconds === null || at >= NOW - query.sinceSeconds * 1000,
        );
        for (const part of written.slice(query.tail === null ? 0 : -query.tail)) take(part);
      },
    };
    fleet.watch(source);
  }
  return {
    fleet,
    sinks,
    logs,
    put: (...seen) => {
      for (const noun of seen) sinks[noun.source]?.put([noun]);
      fleet.flush();
    },
    run: (item, change = {}) => runItem(item, meansFor(fleet, change)),
  };
}

export function settings(change: Record<string, unknown> = {}): Settings {
  return ChecklistsSchema.parse({ settings: change }).settings;
}

export function meansFor(fleet: Fleet, change: Partial<Means> = {}): Means {
  const refuse = async () => {
    throw new Error('nobody is asked here');
  };
  return {
    fleet,
    settings: settings(),
    past: [],
    written: { groups: {}, stacks: [] },
    team: () => null,
    ahead: async () => null,
    growth: async () => null,
    specs: async () => ({ by: new Map(), failures: [] }),
    sql: refuse,
    http: refuse,
    command: refuse,
    signal: new AbortController().signal,
    ...change,
  };
}

export const line = (text: string, minutesAgo = 5): LogPart => ({
  type: 'line',
  at: NOW - minutesAgo * 60_000,
  container: null,
  error: false,
  text,
});

/** Targets and healths, the worst first. */
export const told = ({ findings }: ItemResult): string[] => findings.map(({ target, health }) => `${health} ${target}`);
