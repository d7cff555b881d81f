import type { Item, Means } from '../../src/checklists/checklist.ts';
import { meansOf } from '../../src/checklists/means.ts';
import { type ChecklistsInput, ChecklistsSchema } from '../../src/checklists/options.ts';
import { runItem } from '../../src/checklists/run.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { ItemResult } from '../../src/model/checklist-run.ts';
import type { Kind, Seen } from '../../src/model/entity.ts';
import type { Source, SourceKind } from '../../src/sources/source.ts';

const TELLS: Partial<Record<SourceKind, Kind[]>> = {
  kubernetes: ['node', 'workload', 'replica', 'service', 'claim', 'route'],
  swarm: ['node', 'workload', 'replica', 'network', 'route'],
  postgres: ['pool', 'database', 'instance'],
  cephfs: ['storage', 'directory', 'backup'],
  http: ['check'],
  host: ['host'],
};
const NAMES: Partial<Record<SourceKind, string>> = { kubernetes: 'prod' };

export const NOW = Date.UTC(2026, 10, 23, 12);
export const DAY_MS = 86_400_000;

type Settings = NonNullable<ChecklistsInput['settings']>;

/** A platform that a test tells noun by noun. Its sources are live, and have told all that they have. */
export class HandMade {
  readonly fleet = new Fleet({ now: () => NOW });

  /** @param sources that it has; `parts`: what they can do beside telling */
  constructor(sources: SourceKind[], parts: Partial<Source> = {}) {
    for (const kind of sources) {
      const name = NAMES[kind] ?? kind;
      this.fleet.watch({ name, kind, requests: 0, start() {}, async stop() {}, ...parts });
      const sink = this.fleet.sink(name, kind);
      sink.state({ phase: 'live', proof: true });
      for (const told of TELLS[kind] ?? []) {
        sink.list(told).end();
        sink.coverage(told, { state: 'complete' });
      }
    }
  }

  tell(...nouns: Seen[]): this {
    for (const noun of nouns) this.fleet.sink(noun.source, 'host').put([noun]);
    this.fleet.flush();
    return this;
  }

  /** This source cannot list them any more. */
  lose(source: string, kind: Kind): this {
    const trouble = { what: `list ${kind}s`, on: source, why: 'broken pipe', fix: null };
    this.fleet.sink(source, 'host').coverage(kind, { state: 'failed', trouble });
    return this;
  }

  run(item: Item, settings: Settings = {}, change: Partial<Means> = {}): Promise<ItemResult> {
    const means = meansOf(this.fleet, ChecklistsSchema.parse({ settings }).settings);
    return runItem(item, { ...means, past: [], signal: new AbortController().signal, ...change });
  }
}

/** What was found, in the words that an operator reads. */
export function told({ findings }: ItemResult): string[] {
  return findings.map(({ target, health, reason }) => `${health} ${target}: ${reason}`);
}
