import { DAY_SECONDS, GROUPS, REPLICAS, type View } from './view.ts';

/** Each has one OSD. */
export const HOSTS = ['vps-1', 'vps-2', 'vps-3'];

const TIB = 2 ** 40;

/** `ceph osd stat` */
export function osdStat({ storage, daemons, startedAt }: View) {
  const count = storage.osds.length;
  const since = Math.floor(startedAt / 1000) - 19 * DAY_SECONDS;
  return {
    epoch: 310 + daemons.osdsDown.size,
    num_osds: count,
    num_up_osds: count - daemons.osdsDown.size,
    osd_up_since: since,
    num_in_osds: count,
    osd_in_since: since,
    num_remapped_pgs: 0,
  };
}

/** `ceph osd tree` */
export function osdTree(view: View) {
  const { storage } = view;
  const hosts = storage.osds.map((_, id) => ({
    id: -3 - 2 * id,
    name: HOSTS[id],
    type: 'host',
    type_id: 1,
    pool_weights: {},
    children: [id],
  }));
  const root = { id: -1, name: 'default', type: 'root', type_id: 11, children: hosts.map(({ id }) => id) };
  const osds = storage.osds.map((_, id) => ({
    ...osd(view, id),
    exists: 1,
    status: statusOf(view, id),
    reweight: 1,
    primary_affinity: 1,
  }));
  return { nodes: [root, ...hosts.flatMap((host, id) => [host, osds[id]])], stray: [] };
}

/** `ceph osd df`, which the manager answers */
export function osdDf(view: View) {
  const { storage } = view;
  const kb = Math.floor(storage.totalBytes / storage.osds.length / 1024);
  const mean = storage.osds.reduce((sum, share) => sum + share, 0) / storage.osds.length;
  const nodes = storage.osds.map((share, id) => {
    const used = Math.round(kb * share);
    const meta = Math.round(used * 0.002);
    const status = statusOf(view, id);
    return {
      ...osd(view, id),
      reweight: 1,
      kb,
      kb_used: used,
      kb_used_data: used - meta,
      kb_used_omap: 0,
      kb_used_meta: meta,
      kb_avail: kb - used,
      utilization: share * 100,
      var: share / mean,
      pgs: status === 'up' ? Math.round((GROUPS * REPLICAS) / storage.osds.length) : 0,
      status,
    };
  });
  const sum = (field: 'kb' | 'kb_used' | 'kb_used_data' | 'kb_used_omap' | 'kb_used_meta' | 'kb_avail') =>
    nodes.reduce((total, node) => total + node[field], 0);
  const spread = nodes.reduce((total, node) => total + (node.utilization - mean * 100) ** 2, 0);
  return {
    nodes,
    stray: [],
    summary: {
      total_kb: sum('kb'),
      total_kb_used: sum('kb_used'),
      total_kb_used_data: sum('kb_used_data'),
      total_kb_used_omap: sum('kb_used_omap'),
      total_kb_used_meta: sum('kb_used_meta'),
      total_kb_avail: sum('kb_avail'),
      average_utilization: mean * 100,
      min_var: Math.min(...nodes.map(node => node.var)),
      max_var: Math.max(...nodes.map(node => node.var)),
      dev: Math.sqrt(spread / nodes.length),
    },
  };
}

function osd({ storage }: View, id: number) {
  return {
    id,
    device_class: 'hdd',
    name: `osd.${id}`,
    type: 'osd',
    type_id: 0,
    crush_weight: storage.totalBytes / storage.osds.length / TIB,
    depth: 2,
    pool_weights: {},
  };
}

function statusOf({ daemons }: View, id: number): 'up' | 'down' {
  return daemons.osdsDown.has(id) ? 'down' : 'up';
}
