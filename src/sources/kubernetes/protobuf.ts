import { PbfReader } from 'pbf';
import type { Wire } from './wire.ts';

/**
 * Kubernetes objects as protobuf, read into the shape that their JSON has: only the fields that projections look at, by
 * the numbers of generated.proto in k8s.io/api (core/v1, apps/v1), k8s.io/metrics (v1beta1) and k8s.io/apimachinery
 * (meta/v1, runtime). Unlike in JSON, what is empty or zero may be there, and a time is in milliseconds since 1970.
 */

/** What is asked for where a resource has a message; a server without it answers in JSON. */
export const EITHER = 'application/vnd.kubernetes.protobuf;q=1,application/json;q=0.9';
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** By field number. */
export type Message = readonly (Field | undefined)[];

interface Field {
  name: string;
  /** The wire type: 0 is a number, 2 has a length. */
  wire: 0 | 2;
  /** Reads the value; `before` is what the field had so far. */
  read(from: PbfReader, before: unknown): unknown;
}

const MAGIC = Buffer.from('k8s\0');

/** A page of a list: what it says of itself, and its objects, each read when it is asked for. */
export interface Listed {
  metadata: { resourceVersion?: unknown; continue?: unknown };
  objects: Iterable<Wire>;
}

/**
 * Reads a list of objects that are such messages. Throws a MalformedError, also while the objects are asked for, when the
 * bytes are none.
 */
export function readList(body: Buffer, message: Message): Listed {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw new MalformedError('it does not begin as one');
  const { raw } = legible(() => whole(body.subarray(MAGIC.length), UNKNOWN)) as { raw?: Buffer };
  if (!raw) throw new MalformedError('there is nothing in it');
  const { metadata } = legible(() => whole(raw, LIST)) as Pick<Listed, 'metadata'>;
  if (!metadata) throw new MalformedError('it is no list');
  return { metadata, objects: objectsOf(raw, message) };
}

function* objectsOf(raw: Buffer, message: Message): Generator<Wire> {
  const from = new PbfReader(raw);
  const read = () => {
    for (let field = next(from, raw.length); field > 0; field = next(from, raw.length)) {
      if (field === ITEMS) return fieldsOf(from, message) as Wire;
    }
    return null;
  };
  for (let object = legible(read); object; object = legible(read)) yield object;
}

/** The reader has words of its own for numbers that never end and for types that nobody uses. */
function legible<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof MalformedError ? error : new MalformedError((error as Error).message);
  }
}

/** The other side sent what is no protobuf, or not the message that it should be. */
export class MalformedError extends Error {
  override name = 'MalformedError';

  constructor(why: string) {
    super(`the answer is broken protobuf: ${why}`);
  }
}

function whole(bytes: Buffer, message: Message): Record<string, unknown> {
  return fieldsUntil(new PbfReader(bytes), message, bytes.length);
}

/** A message that stands in another one, its length in front. */
function fieldsOf(from: PbfReader, message: Message): Record<string, unknown> {
  return fieldsUntil(from, message, endOf(from));
}

function fieldsUntil(from: PbfReader, message: Message, end: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (let number = next(from, end); number > 0; number = next(from, end)) {
    const field = message[number];
    if (!field) continue;
    if (from.type !== field.wire) throw new MalformedError(`${field.name} is of another type`);
    result[field.name] = field.read(from, result[field.name]);
  }
  return result;
}

/** The number of the next field; 0 when the message is at its end, which must be exactly there. */
function next(from: PbfReader, end: number): number {
  const number = from.nextField(end);
  if (number === 0 && from.pos !== end) throw new MalformedError('a part does not end where it should');
  return number;
}

/** Where what follows ends. */
function endOf(from: PbfReader): number {
  const length = from.readVarint();
  const end = from.pos + length;
  if (!(end <= from.length)) throw new MalformedError('it ends too early');
  return end;
}

function bytesOf(from: PbfReader): Buffer {
  const end = endOf(from);
  const bytes = (from.buf as Buffer).subarray(from.pos, end);
  from.pos = end;
  return bytes;
}

function textOf(from: PbfReader): string {
  const end = endOf(from);
  const text = (from.buf as Buffer).toString('utf8', from.pos, end);
  from.pos = end;
  return text;
}

const text = (name: string): Field => ({ name, wire: 2, read: textOf });
const flag = (name: string): Field => ({ name, wire: 0, read: from => from.readBoolean() });
const number = (name: string): Field => ({ name, wire: 0, read: from => from.readVarint(true) });
const part = (name: string, message: Message): Field => ({ name, wire: 2, read: from => fieldsOf(from, message) });

/** One element of a field that may come several times. */
const each = (name: string, message: Message): Field => ({
  name,
  wire: 2,
  read(from, before) {
    const all = (before as unknown[] | undefined) ?? [];
    all.push(fieldsOf(from, message));
    return all;
  },
});

/** One entry of a map; `value` reads what stands under field 2. */
const entry = (name: string, value: Field): Field => {
  const message: Message = fields({ 1: text('key'), 2: value });
  return {
    name,
    wire: 2,
    read(from, before) {
      const all = (before as Record<string, unknown> | undefined) ?? {};
      const { key = '', value } = fieldsOf(from, message) as { key?: string; value?: unknown };
      all[key] = value ?? '';
      return all;
    },
  };
};

/** null for the zero time, which is an empty message. */
const time = (name: string): Field => ({
  name,
  wire: 2,
  read(from) {
    const { seconds, nanos = 0 } = fieldsOf(from, TIME) as { seconds?: number; nanos?: number };
    return seconds === undefined ? null : seconds * 1_000 + Math.floor(nanos / 1_000_000);
  },
});
const quantity: Field = {
  name: 'value',
  wire: 2,
  read: from => (fieldsOf(from, QUANTITY) as { string?: string }).string,
};

function fields(byNumber: Readonly<Record<number, Field>>): Message {
  const message: (Field | undefined)[] = [];
  for (const [number, field] of Object.entries(byNumber)) message[Number(number)] = field;
  return message;
}

const TIME = fields({ 1: number('seconds'), 2: number('nanos') });
const QUANTITY = fields({ 1: text('string') });
const UNKNOWN = fields({ 2: { name: 'raw', wire: 2, read: bytesOf } });
const LIST = fields({ 1: part('metadata', fields({ 2: text('resourceVersion'), 3: text('continue') })) });
const ITEMS = 2;

const META = {
  1: text('name'),
  3: text('namespace'),
  5: text('uid'),
  6: text('resourceVersion'),
  7: number('generation'),
  8: time('creationTimestamp'),
  9: time('deletionTimestamp'),
  11: entry('labels', text('value')),
  13: each('ownerReferences', fields({ 1: text('kind'), 3: text('name'), 6: flag('controller') })),
};

const RESOURCES = fields({ 1: entry('limits', quantity), 2: entry('requests', quantity) });
const CONTAINER = fields({
  1: text('name'),
  2: text('image'),
  8: part('resources', RESOURCES),
  24: text('restartPolicy'),
});
const TERMINATED = fields({
  1: number('exitCode'),
  2: number('signal'),
  3: text('reason'),
  4: text('message'),
  6: time('finishedAt'),
});
const STATE = fields({
  1: part('waiting', fields({ 1: text('reason'), 2: text('message') })),
  2: part('running', fields({ 1: time('startedAt') })),
  3: part('terminated', TERMINATED),
});
const CONTAINER_STATUS = fields({
  1: text('name'),
  2: part('state', STATE),
  3: part('lastState', STATE),
  4: flag('ready'),
  5: number('restartCount'),
  9: flag('started'),
});
/** core/v1 Pod. */
export const POD = fields({
  1: part('metadata', fields(META)),
  2: part(
    'spec',
    fields({
      2: each('containers', CONTAINER),
      3: text('restartPolicy'),
      10: text('nodeName'),
      20: each('initContainers', CONTAINER),
      32: entry('overhead', quantity),
      40: part('resources', RESOURCES),
    }),
  ),
  3: part(
    'status',
    fields({
      1: text('phase'),
      2: each('conditions', fields({ 1: text('type'), 2: text('status'), 5: text('reason'), 6: text('message') })),
      3: text('message'),
      4: text('reason'),
      6: text('podIP'),
      7: time('startTime'),
      8: each('containerStatuses', CONTAINER_STATUS),
      10: each('initContainerStatuses', CONTAINER_STATUS),
    }),
  ),
});

const DEPLOYMENT_CONDITION = fields({
  1: text('type'),
  2: text('status'),
  4: text('reason'),
  5: text('message'),
  7: time('lastTransitionTime'),
});

/** apps/v1 Deployment. */
export const DEPLOYMENT = fields({
  1: part('metadata', fields({ ...META, 12: entry('annotations', text('value')) })),
  2: part(
    'spec',
    fields({
      1: number('replicas'),
      3: part('template', fields({ 2: part('spec', fields({ 2: each('containers', fields({ 2: text('image') })) })) })),
      4: part('strategy', fields({ 1: text('type') })),
      7: flag('paused'),
    }),
  ),
  3: part(
    'status',
    fields({
      1: number('observedGeneration'),
      2: number('replicas'),
      3: number('updatedReplicas'),
      4: number('availableReplicas'),
      6: each('conditions', DEPLOYMENT_CONDITION),
      7: number('readyReplicas'),
    }),
  ),
});

/** Whose usage it is. */
const MEASURED = part('metadata', fields({ 1: text('name'), 3: text('namespace') }));

/** metrics.k8s.io/v1beta1 NodeMetrics. */
export const NODE_METRICS = fields({ 1: MEASURED, 2: time('timestamp'), 4: entry('usage', quantity) });

/** metrics.k8s.io/v1beta1 PodMetrics. */
export const POD_METRICS = fields({
  1: MEASURED,
  2: time('timestamp'),
  4: each('containers', fields({ 2: entry('usage', quantity) })),
});
