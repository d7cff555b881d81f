import type { Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';

/** What can be filtered and sorted: every noun, and the lines of the feed. */
export type Subject = Noun | FeedEvent;

/** What a field needs to know beside its subject. */
export interface FieldContext {
  /** Milliseconds since 1970. */
  now(): number;
  /** The name of what has this id. */
  nameOf(id: string): string | null;
  /** Names of the nodes that a noun runs on, where it is not itself given to one. */
  nodesOf?(noun: Noun): readonly string[];
}

export type Unit = 'text' | 'count' | 'bytes' | 'millicores' | 'seconds' | 'ms';

/** One word of the filter language. `read` gives null for unknown, undefined where the noun has no such thing. */
export interface Field {
  name: string;
  aliases: readonly string[];
  unit: Unit;
  help: string;
  read(subject: Subject, context: FieldContext): Value | readonly Value[] | undefined;
  /** What is full of what, for a limit in percent; null when either is unknown. */
  share?(subject: Subject): number | null | undefined;
}
export type Value = string | number | boolean | null;

type Keys<T> = T extends unknown ? keyof T : never;
type Property = Keys<Subject>;

/** The first of these properties that the subject has; undefined when it has none. */
function property(subject: Subject, ...names: Property[]): unknown {
  const name = names.find(name => name in subject);
  return name === undefined ? undefined : (subject as unknown as Record<Property, unknown>)[name];
}

function value(subject: Subject, ...names: Property[]): Value | readonly Value[] | undefined {
  return property(subject, ...names) as Value | readonly Value[] | undefined;
}

function several(subject: Subject, ...names: Property[]): Value[] | undefined {
  const there = names.filter(name => name in subject);
  return there.length === 0 ? undefined : there.flatMap(name => value(subject, name) ?? null);
}

/** Percent; undefined where the subject has no such pair. */
function percent(subject: Subject, used: Property[], whole: Property[]): number | null | undefined {
  const part = property(subject, ...used);
  const all = property(subject, ...whole);
  if (part === undefined || all === undefined) return undefined;
  return typeof part === 'number' && typeof all === 'number' && all > 0 ? (100 * part) / all : null;
}

function named(subject: Subject, property: Property, { nameOf }: FieldContext): Value | undefined {
  const id = value(subject, property);
  return typeof id === 'string' ? (nameOf(id) ?? lastOf(id)) : id === null ? null : undefined;
}

/** The name in an id of which nothing more is known. */
export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

const isNoun = (subject: Subject): subject is Noun => 'kind' in subject;

/** The name of the node that it runs on, or of all of them. */
export function nodesOf(subject: Subject, context: FieldContext): Value | readonly Value[] | undefined {
  if (!isNoun(subject)) return undefined;
  if (subject.kind === 'node') return subject.name;
  if (subject.kind === 'replica') return named(subject, 'node', context);
  return context.nodesOf?.(subject);
}

function kinds(subject: Subject): Value[] {
  if (!isNoun(subject)) return ['event'];
  switch (subject.kind) {
    case 'workload':
      return [subject.kind, subject.type, subject.system];
    case 'replica':
      return [subject.kind, subject.system === 'kubernetes' ? 'pod' : 'task', subject.system];
    case 'node':
      return [subject.kind, subject.system];
    default:
      return [subject.kind];
  }
}

function age(subject: Subject, { now }: FieldContext): number | null {
  const since = value(subject, 'takenAt', 'createdAt', 'at');
  return typeof since === 'number' ? (now() - since) / 1000 : null;
}

const text = (name: string, help: string, read: Field['read'], aliases: string[] = []): Field => ({
  name,
  aliases,
  unit: 'text',
  help,
  read,
});

const amount = (
  name: string,
  unit: Unit,
  help: string,
  used: Property[],
  whole: Property[] = [],
  aliases: string[] = [],
): Field => ({
  name,
  aliases,
  unit,
  help,
  read: subject => value(subject, ...used),
  ...(whole.length > 0 && { share: (subject: Subject) => percent(subject, used, whole) }),
});

/** All fields, in the order in which the help names them. `label.KEY` is read apart from this table. */
export const FIELDS: readonly Field[] = [
  text('status', 'ok busy warn bad off unknown, or the word of the system', s =>
    several(s, 'health', 'status', 'severity'),
  ),
  text('health', 'ok busy warn bad off unknown', s => value(s, 'health', 'severity'), ['severity']),
  text('name', 'its name', s => value(s, 'name', 'subject'), ['subject']),
  text('kind', 'pod, task, Deployment, pool, …', kinds),
  text('type', 'Deployment, ClusterIP, shared, …', s => value(s, 'type', 'serverType')),
  text('ns', 'namespace or stack', s => value(s, 'namespace'), ['namespace', 'stack']),
  text('node', 'the node that it runs on', nodesOf),
  text('state', 'the word of the system: Running, rejected, Bound, …', s => value(s, 'state')),
  text('reason', 'why it is not well', s => several(s, 'reason', 'message')),
  text('image', 'container image', s => value(s, 'images', 'image')),
  text('role', 'of a node', s => value(s, 'roles'), ['roles']),
  text('pool', 'the pool of an instance or database', (s, context) => named(s, 'pool', context)),
  text('workload', 'the workload of a pod, task or route', (s, context) => named(s, 'workload', context)),
  text('customer', 'of an instance', s => value(s, 'customer')),
  text('plan', 'of an instance', s => value(s, 'plan')),
  text('host', 'address, host name or URL', s => value(s, 'hosts', 'host', 'url', 'address'), ['url', 'address']),
  text('path', 'of a directory, backup or route', s => value(s, 'path', 'paths')),
  text('version', 'of the software', s => value(s, 'softwareVersion')),
  text('source', 'the source that tells it', s => value(s, 'source')),
  {
    name: 'age',
    aliases: [],
    unit: 'seconds',
    help: '30s 5m 2h 3d, since it was made or happened',
    read: age,
  },
  amount('cpu', 'millicores', '500m, 2 or 80%', ['cpuUsedMillicores'], ['cpuMillicores', 'cpuLimitMillicores']),
  amount('mem', 'bytes', '512Mi, 2Gi or 80%', ['memoryUsedBytes'], ['memoryBytes', 'memoryLimitBytes'], ['memory']),
  amount('disk', 'bytes', '20Gi or 80%', ['diskUsedBytes'], ['diskBytes']),
  amount('used', 'bytes', '8Gi, or 80% of the quota', ['usedBytes'], ['quotaBytes', 'totalBytes']),
  amount('quota', 'bytes', '10Gi', ['quotaBytes', 'storageLimitBytes']),
  amount('size', 'bytes', '1Gi, of a pool, database, backup or claim', ['sizeBytes', 'capacityBytes', 'dataBytes']),
  amount('files', 'count', '1000, or 80% of the quota of files', ['files', 'entries'], ['quotaFiles']),
  amount('restarts', 'count', '3', ['restarts']),
  amount(
    'ready',
    'count',
    '2, or yes and no for nodes, pods and tasks',
    ['ready', 'endpointsReady'],
    ['wanted', 'endpoints'],
  ),
  amount('wanted', 'count', '2', ['wanted']),
  amount('conn', 'count', '90, or 80% of what the pool allows', ['connections'], ['maxConnections'], ['connections']),
  amount('placed', 'count', '40, or 90% of what the pool may hold', ['assigned'], ['maxInstances']),
  amount('latency', 'ms', '200 or 1s', ['latencyMs']),
  amount('count', 'count', 'how often an event happened', ['count']),
];

const BY_NAME = new Map(FIELDS.flatMap(field => [field.name, ...field.aliases].map(name => [name, field])));

/** Every word that names a field. */
export const FIELD_NAMES: readonly string[] = [...BY_NAME.keys()];

/** The field of that name; `label.KEY` reads one label. */
export function fieldOf(name: string): Field | null {
  if (/^label\../i.test(name)) {
    const key = name.slice('label.'.length);
    return text(name, 'a label', subject => ('labels' in subject ? (subject.labels[key] ?? null) : undefined));
  }
  return BY_NAME.get(name.toLowerCase()) ?? null;
}
