import { poolsOf, REPLICAS, roomOf, stamp, VERSION, type View } from './view.ts';

const GIDS = { a: 4106, b: 4372 };
const CREATED_DAYS = 371;

/** Changes when one comes or goes. */
export function fsEpoch({ storage }: View): number {
  return storage.mdsGone ? 15 : 14;
}

/** As `ceph status` tells them: one that is dead and alone stays in its rank, "laggy" is the only sign. */
export function fsSummary(view: View) {
  const { mdsGone } = view.storage;
  const status = mdsGone ? 'up:active(laggy or crashed)' : 'up:active';
  return {
    epoch: fsEpoch(view),
    id: 1,
    up: 1,
    in: 1,
    max: 1,
    by_rank: [{ filesystem_id: 1, rank: 0, name: 'a', status, gid: GIDS.a }],
    'up:standby': mdsGone ? 0 : 1,
  };
}

/** `ceph fs status`, which the manager answers */
export function fsStatus(view: View) {
  const { storage, tree } = view;
  const { mdsGone, fileSystem } = storage;
  const { files, directories } = tree.at(storage.mount) ?? { files: 0, directories: 0 };
  const cached = Math.min(60_000, files + directories);
  const load = { caps: Math.round(cached / 3), dirs: Math.min(4_000, directories), dns: cached, inos: cached };
  // The rate of one that is laggy is a text.
  const active = { ...load, name: 'a', rank: 0, rate: mdsGone ? '0' : 0, state: mdsGone ? 'active(laggy)' : 'active' };
  const [metadata, data] = poolsOf(view);
  const avail = roomOf(view);
  return {
    clients: [{ clients: 3, fs: fileSystem }],
    mds_version: VERSION,
    mdsmap: mdsGone ? [active] : [active, { name: 'b', state: 'standby' }],
    pools: [
      { avail, id: metadata.id, name: metadata.name, type: 'metadata', used: metadata.stored * REPLICAS },
      { avail, id: data.id, name: data.name, type: 'data', used: data.stored * REPLICAS },
    ],
  };
}

/** `ceph fs ls` */
export function fsList(view: View) {
  const [metadata, data] = poolsOf(view);
  return [
    {
      name: view.storage.fileSystem,
      metadata_pool: metadata.name,
      metadata_pool_id: metadata.id,
      data_pool_ids: [data.id],
      data_pools: [data.name],
    },
  ];
}

/** `ceph fs dump` */
export function fsDump(view: View) {
  const { storage, startedAt } = view;
  const { mdsGone } = storage;
  const epoch = fsEpoch(view);
  const created = startedAt - CREATED_DAYS * 86_400_000;
  return {
    epoch,
    default_fscid: 1,
    compat: { compat: {}, ro_compat: {}, incompat: features() },
    feature_flags: { enable_multiple: true, ever_enabled_multiple: true },
    standbys: mdsGone ? [] : [{ ...daemon('b', 'up:standby', -1), epoch }],
    filesystems: [
      {
        mdsmap: {
          epoch,
          flags: 18,
          ever_allowed_features: 0,
          explicitly_allowed_features: 0,
          created: stamp(created),
          modified: stamp(startedAt),
          tableserver: 0,
          root: 0,
          session_timeout: 60,
          session_autoclose: 300,
          required_client_features: {},
          max_file_size: TIB,
          last_failure: 0,
          last_failure_osd_epoch: 0,
          compat: { compat: {}, ro_compat: {}, incompat: features({ inline: true }) },
          max_mds: 1,
          in: [0],
          up: { mds_0: GIDS.a },
          failed: [],
          damaged: [],
          stopped: [],
          info: {
            [`gid_${GIDS.a}`]: {
              ...daemon('a', 'up:active', 0),
              ...(mdsGone ? { laggy_since: stamp(view.now) } : {}),
            },
          },
          data_pools: [2],
          metadata_pool: 1,
          enabled: true,
          fs_name: storage.fileSystem,
          balancer: '',
          standby_count_wanted: 1,
        },
        id: 1,
      },
    ],
  };
}

/** `ceph mds stat` */
export function mdsStat(view: View) {
  return { fsmap: fsDump(view), mdsmap_first_committed: 1, mdsmap_last_committed: fsEpoch(view) };
}

const TIB = 2 ** 40;

function daemon(name: 'a' | 'b', state: string, rank: number) {
  const host = name === 'a' ? '10.30.0.11' : '10.30.0.13';
  const nonce = name === 'a' ? 59_467_367 : 1_594_494_510;
  return {
    gid: GIDS[name],
    name,
    rank,
    incarnation: rank < 0 ? 0 : 9,
    state,
    state_seq: 25,
    addr: `${host}:6801/${nonce}`,
    addrs: {
      addrvec: [
        { type: 'v2', addr: `${host}:6800`, nonce },
        { type: 'v1', addr: `${host}:6801`, nonce },
      ],
    },
    join_fscid: -1,
    export_targets: [],
    features: 2 ** 62,
    flags: 0,
    compat: { compat: {}, ro_compat: {}, incompat: features({ inline: true }) },
  };
}

function features({ inline = false } = {}) {
  return {
    feature_1: 'base v0.20',
    feature_2: 'client writeable ranges',
    feature_3: 'default file layouts on dirs',
    feature_4: 'dir inode in separate object',
    feature_5: 'mds uses versioned encoding',
    feature_6: 'dirfrag is stored in omap',
    ...(inline ? { feature_7: 'mds uses inline data' } : {}),
    feature_8: 'no anchor table',
    feature_9: 'file layout v2',
    feature_10: 'snaprealm v2',
  };
}
