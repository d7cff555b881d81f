import { HOSTS } from './osds.ts';

/** A line of `ceph health detail` with the lines of the single daemons below it. */
export interface Check {
  code: string;
  severity: 'HEALTH_WARN' | 'HEALTH_ERR';
  message: string;
  count: number;
  lines: string[];
}

export interface Sick {
  /** Share of each OSD that is used, 0 to 1. */
  osds: number[];
  osdsDown: number[];
  degraded: { objects: number; of: number; placementGroups: number };
  pools: string[];
  managerGone: boolean;
  mdsGone: boolean;
}

/** What an OSD's share may reach (Ceph's own defaults) and what it is called from there on; the fullest first. */
const LEVELS = [
  { least: 0.95, word: 'full', osd: 'is full', pool: 'is full (no space)' },
  { least: 0.9, word: 'backfillfull', osd: 'is backfill full', pool: 'is backfillfull' },
  { least: 0.85, word: 'nearfull', osd: 'is near full', pool: 'is nearfull' },
];

/** The cluster's complaints in the order of their codes, as Ceph gives them. A full quota is none of them. */
export function healthChecks({ osds, osdsDown, degraded, pools, managerGone, mdsGone }: Sick): Check[] {
  const checks = [...fullness(osds, pools), ...osdsGone(osdsDown, degraded)];
  if (managerGone) checks.push(warn('MGR_DOWN', 'no active mgr', [], 0));
  // A sole metadata server that was killed is no complaint: only that nobody is there to stand in for it.
  if (mdsGone)
    checks.push(
      warn('MDS_INSUFFICIENT_STANDBY', 'insufficient standby MDS daemons available', ['have 0; want 1 more'], 1),
    );
  return checks.sort((one, other) => (one.code < other.code ? -1 : 1));
}

function fullness(osds: number[], pools: string[]): Check[] {
  const levelOf = (share: number) => LEVELS.find(({ least }) => share >= least);
  const checks: Check[] = [];
  for (const level of LEVELS) {
    const { word, osd, pool } = level;
    const those = osds.flatMap((share, id) => (levelOf(share) === level ? [id] : []));
    if (those.length === 0) continue;
    const lines = those.map(id => `osd.${id} ${osd}`);
    const check = warn(`OSD_${word.toUpperCase()}`, `${those.length} ${word} osd(s)`, lines);
    // The pools stand on all OSDs: the fullest one decides about them.
    const isFirst = checks.length === 0;
    checks.push(word === 'full' ? { ...check, severity: 'HEALTH_ERR' } : check);
    if (!isFirst) continue;
    const ofPools = pools.map(name => `pool '${name}' ${pool}`);
    checks.push(warn(`POOL_${word.toUpperCase()}`, `${pools.length} pool(s) ${word}`, ofPools));
  }
  return checks;
}

function osdsGone(ids: number[], { objects, of, placementGroups }: Sick['degraded']): Check[] {
  if (ids.length === 0) return [];
  const share = `${objects}/${of} objects degraded (${((100 * objects) / of).toFixed(3)}%)`;
  const groups = Array.from(
    { length: Math.min(20, placementGroups) },
    (_, index) => `pg 2.${index.toString(16)} is active+undersized+degraded`,
  );
  return [
    warn(
      'OSD_DOWN',
      `${ids.length} osds down`,
      ids.map(id => `osd.${id} (root=default,host=${HOSTS[id]}) is down`),
    ),
    warn(
      'OSD_HOST_DOWN',
      `${ids.length} host (${ids.length} osds) down`,
      ids.map(id => `host ${HOSTS[id]} (root=default) (1 osds) is down`),
    ),
    warn('PG_DEGRADED', `Degraded data redundancy: ${share}, ${placementGroups} pgs degraded`, groups, placementGroups),
  ];
}

function warn(code: string, message: string, lines: string[], count = lines.length): Check {
  return { code, severity: 'HEALTH_WARN', message, count, lines };
}
