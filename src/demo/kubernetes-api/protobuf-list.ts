import { PbfWriter } from 'pbf';
import { apiVersionOf, type ResourceInfo } from '../controller/kubernetes/resources.ts';
import {
  DURATION,
  EITHER,
  KINDS,
  MAGIC,
  PAIR,
  QUANTITY_PAIR,
  type Schema,
  TIME,
  type Type,
  UNKNOWN,
} from './protobuf-schema.ts';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** Whether objects of this kind can be listed in protobuf. */
export function isInProtobuf({ kind }: ResourceInfo): boolean {
  return Object.hasOwn(KINDS, `${kind}List`);
}

/**
 * A list, or a page of one, as protobuf: `k8s\0`, then runtime.Unknown with the list in it. What a client has put into an
 * object beyond the fields of our table is left out.
 */
export function protobufList(
  info: Pick<ResourceInfo, 'kind' | 'group' | 'version'>,
  page: readonly object[],
  metadata: object,
): Buffer {
  const kind = `${info.kind}List`;
  const schema = KINDS[kind]!;
  const [, of] = schema[ITEMS]!;
  const items = page.map(object => bytesOf(object, of as Schema));
  const raw = written({ metadata, items }, { ...schema, [ITEMS]: ['items', 'bytes', 'list'] });
  return Buffer.concat([MAGIC, written({ typeMeta: { apiVersion: apiVersionOf(info), kind }, raw }, UNKNOWN)]);
}

const ITEMS = 2;
const kept = new WeakMap<object, Uint8Array>();

/** Written once for each version of an object, as its JSON is (json.ts). */
function bytesOf(object: object, schema: Schema): Uint8Array {
  const known = kept.get(object);
  if (known) return known;
  const bytes = written({ ...object }, schema);
  kept.set(object, bytes);
  return bytes;
}

type Values = Readonly<Record<string, unknown>>;

function written(values: Values, schema: Schema): Uint8Array {
  const into = new PbfWriter();
  write(values, schema, into);
  return into.finish();
}

function write(values: Values, schema: Schema, into: PbfWriter): void {
  for (const [number, [name, type, how]] of Object.entries(schema)) {
    const value = how === 'inline' ? values : values[name];
    if (value === undefined || value === null) continue;
    if (how === 'list') for (const one of value as unknown[]) writeField(Number(number), type, one, into);
    else writeField(Number(number), type, value, into);
  }
}

function writeField(number: number, type: Type, value: unknown, into: PbfWriter): void {
  const message = (values: object, schema: Schema) =>
    into.writeMessage(number, (values: Values, into) => write(values, schema, into), values as Values);
  if (type === 'text') into.writeStringField(number, value as string);
  else if (type === 'number') into.writeVarintField(number, value as number);
  else if (type === 'flag') into.writeBooleanField(number, value as boolean);
  else if (type === 'bytes') into.writeBytesField(number, value as Uint8Array);
  else if (type === 'time') message({ seconds: Date.parse(value as string) / 1000, nanos: 0 }, TIME);
  else if (type === 'seconds') message({ nanoseconds: Number.parseFloat(value as string) * 1e9 }, DURATION);
  else if (type === 'number or text') {
    message(typeof value === 'string' ? { isText: 1, text: value } : { isText: 0, number: value }, EITHER);
  } else if (type === 'map')
    for (const [key, text] of Object.entries(value as object)) message({ key, value: text }, PAIR);
  else if (type === 'quantities') {
    for (const [key, string] of Object.entries(value as object)) message({ key, value: { string } }, QUANTITY_PAIR);
  } else message(value as object, type);
}
