import { ApiError } from './status.ts';

/**
 * Reads what kubectl's typed clients send as protobuf: `k8s\0`, then runtime.Unknown with the object in it. Only the
 * kinds and fields that this server acts on; the numbers are those of generated.proto in k8s.io/api and apimachinery.
 */
export function decodeProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, 4).equals(Buffer.from('k8s\0'))) throw unreadable('not a Kubernetes object');
  const { typeMeta, raw } = message(body.subarray(4), UNKNOWN) as { typeMeta: { kind?: string }; raw: Buffer };
  const schema = KINDS[typeMeta?.kind ?? ''];
  if (!schema) throw unreadable(`no decoder for ${typeMeta?.kind ?? 'an object without a kind'}`);
  return { ...typeMeta, ...message(raw, schema) };
}

type Type = 'text' | 'number' | 'flag' | 'bytes' | 'map' | 'quantities' | Schema;
/** By field number: name, type, and whether it may come several times. */
type Schema = { [field: number]: [name: string, type: Type, list?: 'list'] };

const TYPE_META: Schema = { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] };
const UNKNOWN: Schema = { 1: ['typeMeta', TYPE_META], 2: ['raw', 'bytes'] };
const OWNER: Schema = {
  1: ['kind', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
  5: ['apiVersion', 'text'],
  6: ['controller', 'flag'],
  7: ['blockOwnerDeletion', 'flag'],
};
const METADATA: Schema = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  11: ['labels', 'map'],
  12: ['annotations', 'map'],
  13: ['ownerReferences', OWNER, 'list'],
};
const CONTAINER: Schema = {
  1: ['name', 'text'],
  2: ['image', 'text'],
  3: ['command', 'text', 'list'],
  4: ['args', 'text', 'list'],
  7: ['env', { 1: ['name', 'text'], 2: ['value', 'text'] }, 'list'],
  8: ['resources', { 1: ['limits', 'quantities'], 2: ['requests', 'quantities'] }],
  13: ['terminationMessagePath', 'text'],
  14: ['imagePullPolicy', 'text'],
  20: ['terminationMessagePolicy', 'text'],
};
const POD: Schema = {
  2: ['containers', CONTAINER, 'list'],
  3: ['restartPolicy', 'text'],
  4: ['terminationGracePeriodSeconds', 'number'],
  6: ['dnsPolicy', 'text'],
  7: ['nodeSelector', 'map'],
  8: ['serviceAccountName', 'text'],
  19: ['schedulerName', 'text'],
};
const JOB: Schema = {
  1: ['parallelism', 'number'],
  2: ['completions', 'number'],
  6: ['template', { 1: ['metadata', METADATA], 2: ['spec', POD] }],
  7: ['backoffLimit', 'number'],
  8: ['ttlSecondsAfterFinished', 'number'],
  10: ['suspend', 'flag'],
};
const DELETE: Schema = {
  1: ['gracePeriodSeconds', 'number'],
  2: ['preconditions', { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] }],
  3: ['orphanDependents', 'flag'],
  4: ['propagationPolicy', 'text'],
  5: ['dryRun', 'text', 'list'],
};
const ATTRIBUTES: Schema = {
  1: ['namespace', 'text'],
  2: ['verb', 'text'],
  3: ['group', 'text'],
  4: ['version', 'text'],
  5: ['resource', 'text'],
  6: ['subresource', 'text'],
  7: ['name', 'text'],
};
const KINDS: Record<string, Schema> = {
  ConfigMap: { 1: ['metadata', METADATA], 2: ['data', 'map'] },
  Job: { 1: ['metadata', METADATA], 2: ['spec', JOB] },
  DeleteOptions: DELETE,
  Eviction: { 1: ['metadata', METADATA], 2: ['deleteOptions', DELETE] },
  SelfSubjectAccessReview: { 2: ['spec', { 1: ['resourceAttributes', ATTRIBUTES] }] },
  SelfSubjectRulesReview: { 2: ['spec', { 1: ['namespace', 'text'] }] },
};
const PAIR: Schema = { 1: ['key', 'text'], 2: ['value', 'text'] };
const QUANTITY_PAIR: Schema = { 1: ['key', 'text'], 2: ['value', { 1: ['string', 'text'] }] };

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
    if (name && type) add(result, name, type, value, list === 'list');
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
  return type === 'text' ? value.toString() : message(value as Buffer, type);
}

function unreadable(why: string): ApiError {
  const message = `unable to decode the request body as protobuf: ${why}`;
  return new ApiError({ code: 400, reason: 'BadRequest', message });
}
