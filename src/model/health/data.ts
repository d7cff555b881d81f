import type { Backup, Check, Claim, Directory, Instance, Pool, Service, Storage } from '../entity.ts';
import type { Thresholds } from '../thresholds.ts';
import { bad, busy, fullness, OK, off, percent, unknown, type Verdict, warn, worst } from './verdict.ts';

export function judgePool(pool: Pool, limits: Thresholds): Verdict {
  if (pool.status === 'maintenance' || pool.status === 'deprovisioned') return off(pool.status);
  if (pool.up === null) return unknown(pool.downReason ?? 'not asked yet');
  if (!pool.up) return bad(pool.downReason ?? 'does not answer');
  return worst([
    fullness(
      'connections',
      pool.connections,
      pool.maxConnections,
      limits.poolConnectionsWarnPercent,
      limits.poolConnectionsBadPercent,
    ),
    drift(pool),
    pool.latencyMs !== null && pool.latencyMs > limits.latencyWarnMs
      ? warn(`answers in ${(pool.latencyMs / 1000).toFixed(1)} s`)
      : OK,
    pool.status === 'error' ? warn('up, but the platform records it as "error"') : OK,
  ]);
}

/** The platform's counter, its assignments and the databases that are there should be one number. */
export function drift({ recorded, assigned, present, missing, unrecorded }: Pool): Verdict {
  const strays = [named(missing, 'missing'), named(unrecorded, 'not recorded')].filter(words => words !== '');
  const known = [recorded, assigned, present].filter(count => count !== null);
  if (new Set(known).size < 2) {
    // As many are there as should be, but not the same ones.
    return strays.length === 2 ? warn(`drift: ${strays.join(', ')}`) : OK;
  }
  const told = (count: number | null) => (count === null ? '?' : count);
  const counts = `records ${told(recorded)}, assigned ${told(assigned)}, there ${told(present)}`;
  return warn(`drift: ${[strays.join(', '), counts].filter(words => words !== '').join('; ')}`);
}

/** The databases by name while they are few. */
function named(databases: string[] | null, what: string): string {
  if (!databases?.length) return '';
  return `${databases.length > NAMED ? databases.length : databases.join(', ')} ${what}`;
}

const NAMED = 2;

export function judgeDirectory(directory: Directory, limits: Thresholds): Verdict {
  const share = percent(directory.usedBytes, directory.quotaBytes);
  if (share !== null && share >= 100) return bad('quota reached: writes are refused');
  return worst([
    fullness('quota', directory.usedBytes, directory.quotaBytes, limits.quotaWarnPercent, limits.quotaBadPercent),
    fullness('file quota', directory.entries, directory.quotaFiles, limits.quotaWarnPercent, limits.quotaBadPercent),
  ]);
}

export function judgeStorage(storage: Storage): Verdict {
  const { status, checks, mdsLaggy, mdsActive, managerAvailable } = storage;
  if (status === null) return unknown('the cluster has not told its health');
  const told = checks
    .filter(check => !check.muted)
    .map(check => (check.severity === 'bad' ? bad : warn)(check.summary));
  const whole = status === 'HEALTH_ERR' ? bad(status) : status === 'HEALTH_WARN' ? warn(status) : OK;
  return worst([
    // A sole metadata server that died is told nowhere else: the cluster says HEALTH_OK.
    mdsLaggy ? bad('the metadata server no longer reports: file access hangs') : OK,
    mdsActive === 0 ? bad('no active metadata server') : OK,
    ...told,
    managerAvailable === false ? warn('no active manager: usage and rates are frozen') : OK,
    // The sum says nothing that one of its parts has not said.
    told.some(({ health }) => health === whole.health) ? OK : whole,
  ]);
}

const INSTANCE_OFF = new Set(['stopped', 'paused', 'terminated']);
const INSTANCE_BUSY = new Set(['creating', 'starting', 'stopping', 'restarting', 'updating', 'maintenance']);

export function judgeInstance(instance: Instance): Verdict {
  const { status, error } = instance;
  if (status === null) return unknown('its status is not known');
  if (status === 'error' || status === 'container_missing') return bad(error ?? status.replace('_', ' '));
  if (instance.provisioningStatus === 'failed') return bad(error ?? 'provisioning failed');
  if (INSTANCE_OFF.has(status))
    return off(instance.billingStatus === 'suspended' ? `${status}: billing suspended` : status);
  if (INSTANCE_BUSY.has(status)) return busy(status);
  return OK;
}

/** Files that were written so lately are still being written; what lacks a part may yet get it, for so long. */
const WRITTEN_MS = 2 * 60_000;
const UNFINISHED_MS = 15 * 60_000;

export function isBeingWritten({ takenAt, writtenAt, databaseBytes, dataBytes }: Backup, now: number): boolean {
  const since = now - (writtenAt ?? takenAt);
  if (writtenAt !== null && since < WRITTEN_MS) return true;
  return (!databaseBytes || !dataBytes) && since < UNFINISHED_MS;
}

/** @param newest whether it is the newest one of its database: older ones are history */
export function judgeBackup(backup: Backup, newest: boolean, limits: Thresholds, now: number): Verdict {
  const failure = backupFailure(backup);
  if (!newest) return failure ? off(`superseded; ${failure}`) : OK;
  if (failure) return isBeingWritten(backup, now) ? busy('being written') : bad(failure);
  const hours = (now - backup.takenAt) / 3_600_000;
  return hours > limits.backupAgeWarnHours ? warn(`${Math.floor(hours)} h old`) : OK;
}

function backupFailure({ databaseBytes, dataBytes }: Backup): string | null {
  if (dataBytes === 0) return 'failed silently: the data file has 0 bytes';
  if (databaseBytes === 0) return 'failed silently: the database file has 0 bytes';
  if (dataBytes === null) return 'the data file is missing';
  if (databaseBytes === null) return 'the database file is missing';
  return null;
}

export function judgeCheck(check: Check, limits: Thresholds): Verdict {
  if (check.failure) return bad(check.failure);
  if (check.status === null) return unknown('not asked yet');
  return check.latencyMs !== null && check.latencyMs > limits.latencyWarnMs
    ? warn(`answers in ${(check.latencyMs / 1000).toFixed(1)} s`)
    : OK;
}

export function judgeService({ endpoints, endpointsReady, selector }: Service): Verdict {
  if (endpoints === null || endpointsReady === null) return OK;
  if (endpoints === 0) return Object.keys(selector).length > 0 ? off('nothing stands behind it') : OK;
  return endpointsReady === 0 ? bad(`0 of ${endpoints} endpoints are ready`) : OK;
}

export function judgeClaim({ state }: Claim): Verdict {
  if (state === 'Bound') return OK;
  return state === 'Lost' ? bad('its volume is lost') : warn(state);
}
