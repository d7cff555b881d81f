import type { Backup, Check, Database, Directory, Instance, Pool, Route, Storage } from '../../model/entity.ts';
import { percent } from '../../model/health/verdict.ts';
import { bar, bytes, count, dateTime, duration, percentText, sparkline, UNKNOWN } from '../../text/format.ts';
import { ageSince, type Column, type ColumnContext, fillTone } from './column.ts';

/** What is placed of what may be placed, as a bar and in numbers: 18 columns. */
function placed({ assigned, recorded, maxInstances }: Pool, { ascii }: ColumnContext): string {
  const held = assigned ?? recorded;
  const share = percent(held, maxInstances);
  return `${share === null ? ' '.repeat(10) : bar(share, 10, ascii)} ${`${count(held)}/${count(maxInstances)}`.padStart(7)}`;
}

export const POOL: readonly Column<Pool>[] = [
  { title: 'POOL', width: 12, grows: true, priority: 1, text: pool => pool.name },
  {
    title: 'INSTANCES',
    width: 18,
    priority: 2,
    text: placed,
    value: pool => percent(pool.assigned ?? pool.recorded, pool.maxInstances),
  },
  {
    title: 'CONN',
    width: 7,
    align: 'right',
    priority: 1,
    text: pool => `${count(pool.connections)}/${count(pool.maxConnections)}`,
    value: pool => percent(pool.connections, pool.maxConnections),
    tone: pool => fillTone(percent(pool.connections, pool.maxConnections)),
  },
  {
    title: '',
    picture: true,
    width: 8,
    priority: 8,
    text: (pool, { fleet, ascii }) => sparkline(fleet.history.of(pool.id), 8, ascii),
  },
  {
    title: 'SIZE',
    width: 5,
    align: 'right',
    priority: 3,
    text: pool => bytes(pool.sizeBytes),
    value: pool => pool.sizeBytes,
  },
  {
    title: 'CHECK',
    width: 7,
    align: 'right',
    priority: 2,
    text: pool => duration(pool.latencyMs),
    value: pool => pool.latencyMs,
  },
  {
    title: 'LONGEST TX',
    width: 10,
    align: 'right',
    priority: 6,
    text: pool => (pool.longestTransactionSeconds === null ? UNKNOWN : duration(pool.longestTransactionSeconds * 1000)),
    value: pool => pool.longestTransactionSeconds,
  },
  { title: 'VERSION', width: 8, priority: 7, text: pool => pool.softwareVersion ?? UNKNOWN },
];

export const DATABASE: readonly Column<Database>[] = [
  { title: 'DATABASE', width: 20, grows: true, priority: 1, text: database => database.name },
  {
    title: 'POOL',
    width: 16,
    priority: 2,
    text: (database, { fleet }) => fleet.get('pool', database.pool)?.name ?? UNKNOWN,
    relates: true,
  },
  {
    title: 'SIZE',
    width: 6,
    align: 'right',
    priority: 1,
    text: database => bytes(database.sizeBytes),
    value: database => database.sizeBytes,
  },
  {
    title: 'CONN',
    width: 5,
    align: 'right',
    priority: 3,
    text: database => count(database.connections),
    value: database => database.connections,
  },
  {
    title: 'TABLES',
    width: 6,
    align: 'right',
    priority: 4,
    text: database => count(database.tables),
    value: database => database.tables,
  },
];

export const DIRECTORY: readonly Column<Directory>[] = [
  { title: 'DIRECTORY', width: 16, grows: true, priority: 1, text: directory => directory.name },
  {
    title: '',
    picture: true,
    width: 10,
    priority: 3,
    text: ({ usedBytes, quotaBytes }, { ascii }) => gaugeOf(percent(usedBytes, quotaBytes), ascii),
    tone: directory => fillTone(percent(directory.usedBytes, directory.quotaBytes)),
  },
  {
    title: 'USED',
    width: 6,
    align: 'right',
    priority: 1,
    text: directory => bytes(directory.usedBytes),
    value: directory => directory.usedBytes,
  },
  {
    title: 'QUOTA',
    width: 6,
    align: 'right',
    priority: 1,
    text: directory => (directory.quotaBytes === null ? 'none' : bytes(directory.quotaBytes)),
    value: directory => directory.quotaBytes,
  },
  {
    title: '%',
    width: 5,
    align: 'right',
    priority: 2,
    text: directory => percentText(percent(directory.usedBytes, directory.quotaBytes)).replace(UNKNOWN, ''),
    value: directory => percent(directory.usedBytes, directory.quotaBytes),
    tone: directory => fillTone(percent(directory.usedBytes, directory.quotaBytes)),
  },
  {
    title: '7D',
    picture: true,
    width: 7,
    priority: 2.5,
    text: ({ id }, { trends, ascii }) => sparkline(trends?.week({ id, metric: 'used' }) ?? [], 7, ascii),
  },
  {
    title: 'FILES',
    width: 8,
    align: 'right',
    priority: 6,
    text: directory => count(directory.files),
    value: directory => directory.files,
  },
  {
    title: 'CHANGED',
    width: 7,
    align: 'right',
    priority: 8,
    text: (directory, context) => ageSince(directory.changedAt, context),
    value: directory => directory.changedAt,
  },
];

function gaugeOf(share: number | null, ascii: boolean): string {
  return share === null ? '' : bar(share, 10, ascii);
}

export const STORAGE: readonly Column<Storage>[] = [
  { title: 'CLUSTER', width: 16, grows: true, priority: 1, text: storage => storage.name },
  { title: 'STATUS', width: 11, priority: 1, text: storage => storage.status ?? UNKNOWN },
  {
    title: 'USED',
    width: 6,
    align: 'right',
    priority: 2,
    text: storage => bytes(storage.usedBytes),
    value: storage => storage.usedBytes,
  },
  {
    title: 'OF',
    width: 6,
    align: 'right',
    priority: 2,
    text: storage => bytes(storage.totalBytes),
    value: storage => storage.totalBytes,
  },
  {
    title: 'OSD',
    width: 5,
    align: 'right',
    priority: 3,
    text: storage => `${count(storage.osdsUp)}/${count(storage.osds)}`,
  },
  {
    title: 'MDS',
    width: 16,
    priority: 4,
    text: storage => `${count(storage.mdsActive)} active ${count(storage.mdsStandby)} sb`,
  },
];

export const INSTANCE: readonly Column<Instance>[] = [
  { title: 'INSTANCE', width: 18, grows: true, priority: 1, text: instance => instance.name },
  { title: 'STATUS', width: 12, priority: 1, text: instance => instance.status ?? UNKNOWN },
  { title: 'BILLING', width: 15, priority: 5, text: instance => instance.billingStatus ?? UNKNOWN },
  { title: 'PLAN', width: 10, priority: 4, text: instance => instance.plan ?? UNKNOWN },
  {
    title: 'POOL',
    width: 16,
    priority: 3,
    text: (instance, { fleet }) => (instance.pool ? (fleet.get('pool', instance.pool)?.name ?? UNKNOWN) : UNKNOWN),
    relates: true,
  },
  { title: 'DATABASE', width: 18, priority: 6, text: instance => instance.databaseName ?? UNKNOWN },
  { title: 'SERVICE', width: 26, priority: 7, text: instance => instance.serviceName ?? UNKNOWN },
  { title: 'URL', width: 28, priority: 8, text: instance => instance.url ?? UNKNOWN },
];

export const ROUTE: readonly Column<Route>[] = [
  { title: 'ROUTER', width: 18, grows: true, priority: 1, text: route => route.name },
  { title: 'HOST', width: 28, priority: 1, text: route => route.hosts.join(' ') },
  { title: 'PATH', width: 14, priority: 2, text: route => route.paths.join(' ') },
  {
    title: 'PORT',
    width: 5,
    align: 'right',
    priority: 4,
    text: route => count(route.port),
    value: route => route.port,
  },
  {
    title: 'TO',
    width: 24,
    priority: 3,
    text: (route, { fleet }) => (route.workload ? (fleet.get('workload', route.workload)?.name ?? UNKNOWN) : UNKNOWN),
    relates: true,
  },
  { title: 'MIDDLEWARES', width: 20, priority: 6, text: route => route.middlewares.join(' ') },
];

export const BACKUP: readonly Column<Backup>[] = [
  { title: 'DATABASE', width: 18, grows: true, priority: 1, text: backup => backup.databaseName },
  { title: 'TAKEN', width: 19, priority: 2, text: backup => dateTime(backup.takenAt), value: backup => backup.takenAt },
  {
    title: 'DUMP',
    width: 6,
    align: 'right',
    priority: 1,
    text: backup => bytes(backup.databaseBytes),
    value: backup => backup.databaseBytes,
  },
  {
    title: 'DATA',
    width: 6,
    align: 'right',
    priority: 1,
    text: backup => bytes(backup.dataBytes),
    value: backup => backup.dataBytes,
  },
  {
    title: 'AGE',
    width: 5,
    align: 'right',
    priority: 3,
    text: (backup, context) => ageSince(backup.takenAt, context),
    value: backup => -backup.takenAt,
  },
];

export const CHECK: readonly Column<Check>[] = [
  { title: 'CHECK', width: 18, grows: true, priority: 1, text: check => check.name },
  {
    title: 'STATUS',
    width: 6,
    align: 'right',
    priority: 1,
    text: check => count(check.status),
    value: check => check.status,
  },
  {
    title: 'ANSWER',
    width: 8,
    align: 'right',
    priority: 1,
    text: check => duration(check.latencyMs),
    value: check => check.latencyMs,
  },
  { title: 'URL', width: 40, priority: 3, text: check => check.url },
];
