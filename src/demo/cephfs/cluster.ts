import { Random } from '../random.ts';
import { type Check, healthChecks } from './health.ts';
import { fsSummary } from './metadata-servers.ts';
import { osdStat } from './osds.ts';
import {
  capacityOf,
  DAY_SECONDS,
  degradedOf,
  GROUPS,
  poolsOf,
  REPLICAS,
  roomOf,
  stamp,
  VERSION,
  type View,
} from './view.ts';

const MONITORS = ['a', 'b', 'c'];
/** How often the numbers of the manager move. */
const REPORT_MS = 5_000;

/** `ceph status` */
export function status(view: View) {
  const { startedAt, now, seed } = view;
  return {
    fsid: new Random(seed).uuid(),
    health: health(view, { detail: false }),
    election_epoch: 42,
    quorum: MONITORS.map((_, rank) => rank),
    quorum_names: MONITORS,
    quorum_age: 19 * DAY_SECONDS + Math.floor((now - startedAt) / 1000),
    monmap: { epoch: 3, min_mon_release_name: 'pacific', num_mons: MONITORS.length },
    osdmap: osdStat(view),
    pgmap: groups(view),
    fsmap: fsSummary(view),
    mgrmap: {
      available: hasManager(view),
      num_standbys: hasManager(view) ? 1 : 0,
      modules: ['iostat', 'restful'],
      services: {},
    },
    servicemap: { epoch: 6, modified: stamp(startedAt), services: {} },
    progress_events: {},
  };
}

/** `ceph health` and, with the lines of the single daemons, `ceph health detail`. */
export function health(view: View, { detail }: { detail: boolean }) {
  const { storage, daemons } = view;
  const checks = healthChecks({
    osds: storage.osds,
    osdsDown: [...daemons.osdsDown].sort(),
    degraded: degradedOf(view),
    pools: poolsOf(view).map(({ name }) => name),
    managerGone: !hasManager(view),
    mdsGone: storage.mdsGone,
  });
  const worst = checks.some(({ severity }) => severity === 'HEALTH_ERR') ? 'HEALTH_ERR' : 'HEALTH_WARN';
  const shown = ({ severity, message, count, lines }: Check) => ({
    severity,
    summary: { message, count },
    ...(detail ? { detail: lines.map(line => ({ message: line })) } : {}),
    muted: false,
  });
  return {
    status: checks.length > 0 ? worst : 'HEALTH_OK',
    checks: Object.fromEntries(checks.map(check => [check.code, shown(check)])),
    mutes: [],
  };
}

function groups(view: View) {
  const { storage } = view;
  const { used, available } = capacityOf(view);
  const { objects, of, placementGroups } = degradedOf(view);
  const pools = poolsOf(view);
  const states = [
    { state_name: 'active+undersized+degraded', count: placementGroups },
    { state_name: 'active+clean', count: GROUPS - placementGroups },
  ];
  return {
    pgs_by_state: states.filter(({ count }) => count > 0),
    num_pgs: GROUPS,
    num_pools: pools.length,
    num_objects: pools.reduce((sum, pool) => sum + pool.objects, 0),
    data_bytes: pools.reduce((sum, pool) => sum + pool.stored, 0),
    bytes_used: used,
    bytes_avail: available,
    bytes_total: storage.totalBytes,
    // As all rates and faults: there only when they are not 0.
    ...(objects > 0 ? { degraded_objects: objects, degraded_total: of, degraded_ratio: objects / of } : {}),
    ...rates(view),
  };
}

/** Client traffic. Without a manager it is what its last report said. */
function rates({ seed, still, daemons, startedAt, now }: View) {
  const reportedAt = daemons.managerGoneSince ?? now;
  const report = still ? 0 : Math.floor((reportedAt - startedAt) / REPORT_MS);
  const random = new Random(seed * 7919 + report);
  return {
    read_bytes_sec: random.integer(900_000, 6_500_000),
    write_bytes_sec: random.integer(2_000_000, 14_000_000),
    read_op_per_sec: random.integer(20, 180),
    write_op_per_sec: random.integer(60, 420),
  };
}

/** `ceph df`; `detail` has more of each pool. */
export function df(view: View, { detail }: { detail: boolean }) {
  const { totalBytes, osds } = view.storage;
  const { used, available } = capacityOf(view);
  const stats = {
    total_bytes: totalBytes,
    total_avail_bytes: available,
    total_used_bytes: used,
    total_used_raw_bytes: used,
    total_used_raw_ratio: used / totalBytes,
  };
  const room = roomOf(view);
  const pools = poolsOf(view).map(({ name, id, stored, objects }) => {
    const raw = stored * REPLICAS;
    const stats = {
      stored,
      ...(detail && { stored_data: stored, stored_omap: 0 }),
      objects,
      kb_used: Math.ceil(raw / 1024),
      bytes_used: raw,
      ...(detail && { data_bytes_used: raw, omap_bytes_used: 0 }),
      percent_used: stored === 0 ? 0 : stored / (stored + room),
      max_avail: room,
      ...(detail && { quota_objects: 0, quota_bytes: 0, dirty: 0, rd: 0, rd_bytes: 0, wr: 0, wr_bytes: 0 }),
      ...(detail && { compress_bytes_used: 0, compress_under_bytes: 0 }),
      ...(detail && { stored_raw: raw, avail_raw: room * REPLICAS }),
    };
    return { name, id, stats };
  });
  return {
    stats: {
      ...stats,
      num_osds: osds.length,
      num_per_pool_osds: osds.length,
      num_per_pool_omap_osds: osds.length,
    },
    stats_by_class: { hdd: stats },
    pools,
  };
}

/** `ceph mon stat` */
export function monStat() {
  const quorum = MONITORS.map((name, rank) => ({ rank, name }));
  return { epoch: 3, min_mon_release_name: 'pacific', num_mons: MONITORS.length, leader: MONITORS[0], quorum };
}

/** `ceph mgr stat` */
export function mgrStat(view: View) {
  const available = hasManager(view);
  return { epoch: 21, available, active_name: available ? 'x' : '', num_standby: available ? 1 : 0 };
}

/** `ceph versions` */
export function versions(view: View) {
  const { storage, daemons } = view;
  const up = {
    mon: MONITORS.length,
    mgr: hasManager(view) ? 2 : 0,
    osd: storage.osds.length - daemons.osdsDown.size,
    // The map still has the one that is laggy.
    mds: storage.mdsGone ? 1 : 2,
  };
  const of = (count: number) => (count > 0 ? { [VERSION]: count } : {});
  const overall = Object.values(up).reduce((sum, count) => sum + count, 0);
  return { mon: of(up.mon), mgr: of(up.mgr), osd: of(up.osd), mds: of(up.mds), overall: of(overall) };
}

function hasManager({ daemons }: View): boolean {
  return daemons.managerGoneSince === null;
}
