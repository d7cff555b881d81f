import type { Fleet } from '../fleet/fleet.ts';
import { sourceKindsOf } from '../fleet/gaps.ts';
import type { Noun } from '../model/entity.ts';
import { percent } from '../model/health/verdict.ts';
import type { SourceState } from '../sources/source.ts';
import { bytes, counted, elapsed, percentText } from '../text/format.ts';
import type { Trends } from '../trends/trends.ts';
import { fullWords } from '../trends/words.ts';
import type { PaneName } from './layout.ts';
import type { List } from './list.ts';
import { FIRST_LISTED, kindsIn, LISTED_TITLES, type PaneState } from './pane.ts';

/** What a pane's title says at its right end: its sum in a few words. Empty while nothing is known. */
export function sumOf(name: PaneName, pane: PaneState, list: List, fleet: Fleet, trends?: Trends): string {
  const shown = pane.filter ? `${list.shown} of ${list.all}` : String(list.shown);
  if (pane.listed !== FIRST_LISTED[name]) return list.all > 0 ? shown : '';
  const sum = SUMS[name](fleet, shown, trends);
  return pane.filter && name !== 'services' ? [sum, `${shown} shown`].filter(Boolean).join(' · ') : sum;
}

const SUMS: Record<PaneName, (fleet: Fleet, shown: string, trends: Trends | undefined) => string> = {
  nodes(fleet) {
    const nodes = [...fleet.all('node').values()];
    if (nodes.length === 0) return '';
    // While a platform moves, one machine may be a node of two systems: each has a row, and a machine counts once.
    const machines = new Set(nodes.map(node => node.name)).size;
    const ready = `${nodes.filter(node => node.ready).length} of ${nodes.length} ready`;
    return machines < nodes.length ? `${machines} machines · ${ready}` : ready;
  },
  services(fleet, shown) {
    const replicas = [...fleet.all('replica').values()].filter(replica => replica.wanted !== 'gone').length;
    return fleet.all('workload').size + replicas > 0
      ? `${shown} ${shown === '1' ? 'workload' : 'workloads'} · ${counted(replicas, 'pod')}`
      : '';
  },
  pools(fleet) {
    const pools = [...fleet.all('pool').values()].filter(pool => pool.maxInstances !== null);
    const sum = (of: (pool: (typeof pools)[number]) => number | null) =>
      pools.reduce((total, pool) => total + (of(pool) ?? 0), 0);
    if (pools.length === 0) return fleet.all('pool').size > 0 ? counted(fleet.all('pool').size, 'server') : '';
    return `${sum(pool => pool.assigned ?? pool.recorded)} of ${sum(pool => pool.maxInstances)} placed`;
  },
  cephfs(fleet, _shown, trends) {
    const [storage] = fleet.all('storage').values();
    if (!storage || storage.totalBytes === null) return '';
    const { id, usedBytes, totalBytes } = storage;
    const full = trends?.outlook({ id, metric: 'used' })?.full;
    const words = [`${bytes(usedBytes)} of ${bytes(totalBytes)}`, percentText(percent(usedBytes, totalBytes))];
    return [...words, ...(full ? [fullWords(full)] : [])].join(' · ');
  },
  events: () => '',
};

export function titleOf(name: PaneName, { listed, within }: PaneState, titles: Record<PaneName, string>): string {
  if (within) return `Pods of ${within.name}`;
  return listed === FIRST_LISTED[name] ? titles[name] : LISTED_TITLES[listed];
}

/** The sources of a pane that cannot be believed now, each with how old its picture is. */
export function doubtful({ listed }: PaneState, fleet: Fleet): SourceState[] {
  const kinds = sourceKindsOf(listed);
  return fleet
    .sources()
    .filter(({ kind, phase }) => kinds.includes(kind) && (phase === 'stale' || phase === 'refused'));
}

/** Whether more of it is still to come than is there. */
export function isBeingRead({ listed }: PaneState, fleet: Fleet): boolean {
  if (listed === 'event' || fleet.all(listed).size === 0) return false;
  const isAsked = (name: string) => kindsIn(listed).some(kind => fleet.coverage(name, kind)?.state === 'asking');
  return fleet.sources().some(({ name, phase }) => phase === 'live' && isAsked(name));
}

export function ageOfSource({ observedAt, since }: SourceState, now: number): string {
  return elapsed(now - (observedAt ?? since));
}

/** The one line that a pane without room says: what is worst in it. */
export function worstOf(name: PaneName, list: List): Noun | undefined {
  if (name === 'events') return undefined;
  const worst = list.worst();
  return worst && (worst.health === 'bad' || worst.health === 'warn') ? worst : undefined;
}
