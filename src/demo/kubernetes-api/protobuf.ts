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
import { ApiError } from './status.ts';

/** Reads what kubectl's typed clients send as protobuf: `k8s\0`, then runtime.Unknown with the object in it. */
export function decodeProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw unreadable('not a Kubernetes object');
  const { typeMeta, raw } = message(body.subarray(MAGIC.length), UNKNOWN) as {
    typeMeta: { kind?: string };
    raw: Buffer;
  };
  const schema = KINDS[typeMeta?.kind ?? ''];
  if (!schema) throw unreadable(`no decoder for ${typeMeta?.kind ?? 'an object without a kind'}`);
  return { ...typeMeta, ...message(raw, schema) };
}

function message(bytes: Buffer, schema: Schema): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  let offset = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[offset++];
      if (byte === undefined) throw unreadable('it ends too early');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (offset < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    let value: number | Buffer = 0;
    if (wire === 0) value = varint();
    else if (wire === 2) {
      const length = varint();
      value = bytes.subarray(offset, offset + length);
      offset += length;
    } else if (wire === 1 || wire === 5) offset += wire === 1 ? 8 : 4;
    else throw unreadable(`wire type ${wire}`);
    const [name, type, list] = schema[Math.floor(tag / 8)] ?? [];
    if (list === 'inline') Object.assign(result, message(value as Buffer, type as Schema));
    else if (name && type) add(result, name, type, value, list === 'list');
  }
  return result;
}

function add(result: Record<string, unknown>, name: string, type: Type, value: number | Buffer, isList: boolean): void {
  if (type === 'map' || type === 'quantities') {
    const pair = message(value as Buffer, type === 'map' ? PAIR : QUANTITY_PAIR) as { key: string; value?: unknown };
    const written = type === 'map' ? (pair.value ?? '') : (pair.value as { string: string }).string;
    result[name] = { ...(result[name] as object | undefined), [pair.key]: written };
    return;
  }
  const read = readAs(type, value);
  // Protobuf writes what JSON leaves out.
  if (read === '' && !isList) return;
  result[name] = isList ? [...((result[name] as unknown[] | undefined) ?? []), read] : read;
}

function readAs(type: Exclude<Type, 'map' | 'quantities'>, value: number | Buffer): unknown {
  if (type === 'number') return value;
  if (type === 'flag') return value !== 0;
  if (type === 'bytes') return value;
  if (type === 'text') return value.toString();
  if (type === 'time') return timeOf(message(value as Buffer, TIME));
  if (type === 'seconds') return secondsOf(message(value as Buffer, DURATION));
  if (type === 'number or text') return eitherOf(message(value as Buffer, EITHER));
  return message(value as Buffer, type);
}

function timeOf({ seconds = 0 }: { seconds?: number }): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

function secondsOf({ nanoseconds = 0 }: { nanoseconds?: number }): string {
  return `${nanoseconds / 1e9}s`;
}

function eitherOf({ isText = 0, number = 0, text = '' }: { isText?: number; number?: number; text?: string }) {
  return isText ? text : number;
}

function unreadable(why: string): ApiError {
  const message = `unable to decode the request body as protobuf: ${why}`;
  return new ApiError({ code: 400, reason: 'BadRequest', message });
}
