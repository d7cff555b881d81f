import type { Kind } from '../model/entity.ts';
import type { PaneName } from './layout.ts';

/** What a pane lists: a kind of noun, or the feed. */
export type Listed = Kind | 'event';

export interface PaneState {
  listed: Listed;
  /** Only the replicas of this workload, after it was opened. */
  within: { id: string; name: string } | null;
  /** Id of the row under the cursor; the cursor stays on it when rows move. */
  cursor: string | null;
  /** Where the cursor stood last, for when its row is gone. */
  index: number;
  /** First line that is shown. */
  top: number;
  filter: string;
  sort: { title: string; reversed: boolean } | null;
  marks: ReadonlySet<string>;
}

export const FIRST_LISTED: Record<PaneName, Listed> = {
  nodes: 'node',
  services: 'workload',
  pools: 'pool',
  cephfs: 'directory',
  events: 'event',
};

export const PANE_TITLES: Record<PaneName, string> = {
  nodes: 'Nodes',
  services: 'Services & pods',
  pools: 'Pools',
  cephfs: 'CephFS',
  events: 'Events',
};

/** The names of the kinds in titles, where a pane shows another kind than its own. */
export const LISTED_TITLES: Record<Listed, string> = {
  node: 'Nodes',
  workload: 'Services',
  replica: 'Pods & tasks',
  service: 'Kubernetes services',
  claim: 'Volume claims',
  network: 'Networks',
  pool: 'Pools',
  database: 'Databases',
  directory: 'CephFS directories',
  storage: 'Storage clusters',
  instance: 'Instances',
  route: 'Routes',
  backup: 'Backups',
  check: 'Checks',
  host: 'This machine',
  object: 'Objects',
  event: 'Events',
};

/** The kinds whose nouns stand in such a list: what does not run well stands under its workload. */
export function kindsIn(listed: Kind): Kind[] {
  return listed === 'workload' ? ['workload', 'replica'] : [listed];
}

/** The pane in which a kind is at home. */
export function paneOf(listed: Listed): PaneName {
  switch (listed) {
    case 'node':
    case 'host':
      return 'nodes';
    case 'pool':
    case 'database':
      return 'pools';
    case 'directory':
    case 'storage':
    case 'backup':
      return 'cephfs';
    case 'event':
      return 'events';
    default:
      return 'services';
  }
}

export function newPane(listed: Listed): PaneState {
  return { listed, within: null, cursor: null, index: 0, top: 0, filter: '', sort: null, marks: new Set() };
}
