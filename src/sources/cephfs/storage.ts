import type { Seen, StorageCheck } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { at, entriesAt, type Json, listAt, numberAt, textAt } from './json.ts';

export interface Answers {
  /** `ceph status -f json` */
  status: Json;
  /** `ceph health detail -f json`, where it was asked: the status has no lines for the single daemons. */
  health?: Json;
  /** Counts only the metadata servers of this file system; all of them when null. */
  fileSystemId: number | null;
}

/** The cluster as `ceph` tells it, tolerant of the fields of other releases (known: 14 nested `osdmap`, 15 and later flat). */
export function readStorage(
  { source, name, fsid }: { source: string; name: string | null; fsid: string | null },
  { status, health, fileSystemId }: Answers,
  now: number,
): Seen<'storage'> {
  const id = printable(fsid ?? textAt(status, 'fsid') ?? name ?? 'ceph');
  const osds = at(status, 'osdmap', 'osdmap') ?? at(status, 'osdmap');
  const managerAvailable = at(status, 'mgrmap', 'available');
  const live = managerAvailable === true;
  return {
    id: `${source}/storage/${id}`,
    kind: 'storage',
    name: printable(name ?? id),
    source,
    observedAt: now,
    uid: textAt(status, 'fsid') === null ? null : printable(textAt(status, 'fsid') ?? ''),
    version: null,
    createdAt: null,
    labels: {},
    status: textOrNull(textAt(status, 'health', 'status') ?? textAt(status, 'health', 'overall_status')),
    checks: checksOf(health ?? null, status),
    ...capacity(status),
    osds: numberAt(osds, 'num_osds'),
    osdsUp: numberAt(osds, 'num_up_osds'),
    osdsIn: numberAt(osds, 'num_in_osds'),
    ...metadataServers(status, fileSystemId),
    monitors: numberAt(status, 'monmap', 'num_mons') ?? listAt(status, 'monmap', 'mons')?.length ?? null,
    monitorsInQuorum: (listAt(status, 'quorum') ?? listAt(status, 'quorum_names'))?.length ?? null,
    managerAvailable: typeof managerAvailable === 'boolean' ? managerAvailable : null,
    readBytesPerSecond: rate(status, 'read_bytes_sec', live),
    writeBytesPerSecond: rate(status, 'write_bytes_sec', live),
  };
}

/** The monitor's status of the one at each rank, and the standbys, which serve all file systems of the cluster. */
function metadataServers(status: Json, fileSystemId: number | null) {
  const ranks = listAt(status, 'fsmap', 'by_rank')
    ?.filter(each => fileSystemId === null || (numberAt(each, 'filesystem_id') ?? fileSystemId) === fileSystemId)
    .map(each => textAt(each, 'status') ?? '')
    .filter(text => /^up:active\b/.test(text));
  const laggy = ranks?.filter(text => text.includes('laggy'));
  return {
    // One that no longer reports is not counted as active, though Ceph's own "1/1 daemons up" does.
    mdsActive: ranks && laggy ? ranks.length - laggy.length : null,
    mdsStandby: numberAt(status, 'fsmap', 'up:standby'),
    mdsLaggy: laggy?.length ?? null,
  };
}

function capacity(status: Json) {
  const totalBytes = numberAt(status, 'pgmap', 'bytes_total');
  // Before the first report of a new manager all of these are 0.
  if (totalBytes === 0) return { totalBytes: null, usedBytes: null, availableBytes: null };
  return {
    totalBytes,
    usedBytes: numberAt(status, 'pgmap', 'bytes_used'),
    availableBytes: numberAt(status, 'pgmap', 'bytes_avail'),
  };
}

/** Rates are left out by Ceph when they are 0, and frozen at their last value when the manager is gone. */
function rate(status: Json, field: string, live: boolean): number | null {
  if (!live || !numberAt(status, 'pgmap', 'bytes_total')) return null;
  return numberAt(status, 'pgmap', field) ?? 0;
}

/** All checks, the muted ones too; each with the lines of the single daemons, where they were asked for. */
function checksOf(health: Json, status: Json): StorageCheck[] {
  return entriesAt(status, 'health', 'checks').map(([code, check]) => {
    // The lines of placement groups name numbers that say nothing to anyone.
    const detail = code.startsWith('PG_') ? [] : (listAt(health, 'checks', code, 'detail') ?? []);
    const lines = detail.map(line => textAt(line, 'message')).filter(line => line !== null);
    const summary = textAt(check, 'summary', 'message') ?? textAt(check, 'summary') ?? code;
    const more = lines.length > 3 ? [`and ${lines.length - 3} more`] : [];
    return {
      code: printable(code),
      severity: textAt(check, 'severity') === 'HEALTH_ERR' ? 'bad' : 'warn',
      summary: printable([summary, [...lines.slice(0, 3), ...more].join('; ')].filter(Boolean).join(': '), 500),
      muted: at(check, 'muted') === true,
    };
  });
}

function textOrNull(text: string | null): string | null {
  return text === null ? null : printable(text);
}
