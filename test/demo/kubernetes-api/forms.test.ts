import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/demo/clock.ts';
import { RESOURCES } from '../../../src/demo/controller/kubernetes/resources.ts';
import { parseAddress } from '../../../src/demo/kubernetes-api/address.ts';
import { humanDuration } from '../../../src/demo/kubernetes-api/human-duration.ts';
import { metrics } from '../../../src/demo/kubernetes-api/metrics.ts';
import { patched } from '../../../src/demo/kubernetes-api/patches.ts';
import { decodeProtobuf } from '../../../src/demo/kubernetes-api/protobuf.ts';
import { protobufList } from '../../../src/demo/kubernetes-api/protobuf-list.ts';
import { World } from '../../../src/demo/world.ts';

describe('humanDuration', () => {
  const [s, m, h, d] = [1000, 60_000, 3_600_000, 86_400_000];
  it.each([
    [0, '0s'],
    [119 * s, '119s'],
    [2 * m, '2m'],
    [9 * m + 59 * s, '9m59s'],
    [10 * m + 59 * s, '10m'],
    [179 * m, '179m'],
    [3 * h, '3h'],
    [7 * h + 59 * m, '7h59m'],
    [47 * h, '47h'],
    [2 * d, '2d'],
    [5 * d + 11 * h, '5d11h'],
    [8 * d, '8d'],
    [729 * d, '729d'],
    [800 * d, '2y70d'],
    [9 * 365 * d, '9y'],
    [-5 * s, '<invalid>'],
  ])('%d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

describe('patched', () => {
  const object = {
    metadata: { name: 'x', labels: { a: '1', b: '2' }, finalizers: ['one', 'two'] },
    spec: {
      list: [1, 2],
      containers: [{ name: 'main', image: 'a:1', env: [{ name: 'X', value: '1' }] }, { name: 'side' }],
    },
  };
  const apply = (type: string, patch: unknown) => patched(object, `application/${type}+json`, patch);

  it('merges, replacing lists and taking away what is null', () => {
    const patch = { metadata: { labels: { b: null, c: '3' } }, spec: { list: [3] } };
    expect(apply('merge-patch', patch)).toMatchObject({
      metadata: { labels: { a: '1', c: '3' } },
      spec: { list: [3] },
    });
    expect(object.metadata.labels).toEqual({ a: '1', b: '2' });
  });

  it('merges strategically, finding list elements by their names', () => {
    const containers = [{ name: 'main', image: 'a:2', env: [{ name: 'Y', value: '2' }] }];
    const order = { '$setElementOrder/containers': [{ name: 'main' }, { name: 'side' }] };
    expect(apply('strategic-merge-patch', { spec: { ...order, containers } })).toMatchObject({
      spec: {
        containers: [{ name: 'main', image: 'a:2', env: [{ name: 'X' }, { name: 'Y' }] }, { name: 'side' }],
      },
    });
    expect(
      apply('strategic-merge-patch', { spec: { containers: [{ name: 'side', $patch: 'delete' }] } }),
    ).toMatchObject({
      spec: { containers: [{ name: 'main' }] },
    });
    const gone = { metadata: { '$deleteFromPrimitiveList/finalizers': ['one'] } };
    expect(apply('strategic-merge-patch', gone)).toMatchObject({ metadata: { finalizers: ['two'] } });
  });

  it('patches step by step', () => {
    const steps = [
      { op: 'test', path: '/spec/list/0', value: 1 },
      { op: 'add', path: '/spec/list/-', value: 9 },
      { op: 'remove', path: '/metadata/labels/a' },
      { op: 'move', from: '/metadata/labels/b', path: '/metadata/labels/x~1y' },
      { op: 'replace', path: '/spec/containers/0/image', value: 'b:1' },
    ];
    expect(apply('json-patch', steps)).toMatchObject({
      metadata: { labels: { 'x/y': '2' } },
      spec: { list: [1, 2, 9], containers: [{ image: 'b:1' }, {}] },
    });
    expect(() => apply('json-patch', [{ op: 'remove', path: '/nope/x' }])).toThrow('rejected our request');
  });
});

describe('decodeProtobuf', () => {
  /** As kubectl 1.35 sent it for `kubectl auth can-i delete pods -n shop`. */
  const field = (number: number, value: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), value]);
  const text = (number: number, value: string) => field(number, Buffer.from(value));

  it('reads an access review', () => {
    const attributes = Buffer.concat([text(1, 'shop'), text(2, 'delete'), text(5, 'pods'), text(6, '')]);
    const meta = Buffer.concat([text(1, 'authorization.k8s.io/v1'), text(2, 'SelfSubjectAccessReview')]);
    const raw = field(2, field(1, attributes));
    const body = Buffer.concat([Buffer.from('k8s\0'), field(1, meta), field(2, raw)]);
    expect(decodeProtobuf(body)).toEqual({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace: 'shop', verb: 'delete', resource: 'pods' } },
    });
  });

  it.each(['pods', 'deployments'] as const)('reads back all that our own %s have, as they are listed', plural => {
    const world = new World({ clock: new FakeClock(), preset: 'default', scale: 200 });
    const objects = world.cluster.store.list(plural);
    const read = decodeProtobuf(protobufList(RESOURCES[plural], objects, {})) as { items: object[] };
    // In protobuf an object does not say again what the list is of.
    const whole = objects.map(({ apiVersion: _, kind: __, ...rest }) => withoutEmpty(rest));
    expect(read.items.map(withoutEmpty)).toEqual(whole);
  });

  it.each(['nodes', 'pods'])('has the same usage of %s as JSON, for who prefers it', resource => {
    const { cluster } = new World({ clock: new FakeClock(), preset: 'default', scale: 200 });
    const address = parseAddress(`/apis/metrics.k8s.io/v1beta1/${resource}`)!;
    const ask = (accept: string) => {
      const request = { headers: { accept } } as IncomingMessage;
      return metrics(cluster, address, { request, query: new URLSearchParams() }, 0);
    };
    const json = ask('application/json,application/vnd.kubernetes.protobuf').body as { items: object[] };
    const { type, body } = ask('application/vnd.kubernetes.protobuf;q=1,application/json;q=0.9');
    const read = decodeProtobuf(body as Buffer) as { items: object[] };
    expect(type).toBe('application/vnd.kubernetes.protobuf');
    expect(json.items.length).toBeGreaterThan(2);
    expect(read.items.map(withoutEmpty)).toEqual(json.items.map(withoutEmpty));
  });

  it('says what it cannot read', () => {
    expect(() => decodeProtobuf(Buffer.from('{}'))).toThrow('not a Kubernetes object');
    const meta = field(1, text(2, 'Lease'));
    expect(() => decodeProtobuf(Buffer.concat([Buffer.from('k8s\0'), meta]))).toThrow('no decoder for Lease');
    expect(() => decodeProtobuf(Buffer.from('k8s\0\x0a'))).toThrow('ends too early');
  });
});

/** Protobuf and JSON differ in whether they say that there is nothing. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? value.map(withoutEmpty) : undefined;
  if (typeof value !== 'object' || value === null) return value === '' || value === null ? undefined : value;
  const kept = Object.entries(value).flatMap(([key, part]) => {
    const full = withoutEmpty(part);
    return full === undefined ? [] : [[key, full] as const];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
