import type { IncomingMessage } from 'node:http';
import type { KubeObject, Pod } from '../controller/kubernetes/objects.ts';
import { apiVersionOf, type ResourceInfo } from '../controller/kubernetes/resources.ts';
import type { Outlet } from '../outlet.ts';
import type { World } from '../world.ts';
import { review } from './access.ts';
import { type Address, parseAddress } from './address.ts';
import { apply } from './applies.ts';
import { create } from './creates.ts';
import { type DeleteOptions, remove } from './deletes.ts';
import { discover } from './discovery.ts';
import { evict } from './evictions.ts';
import { formatOf } from './format.ts';
import { jsonOf } from './json.ts';
import { list } from './lists.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { isInProtobuf, PROTOBUF } from './protobuf-list.ts';
import { type Caller, forbidden, may, wishOf } from './rights.ts';
import { readScale, writeScale } from './scale.ts';
import { testOf } from './selector-text.ts';
import { badRequest, methodNotAllowed, unknownResource } from './status.ts';
import { type IncludeObject, partialOf, tableOf } from './tables.ts';
import { watch } from './watches.ts';
import { find, isNamed, patch, replace, type Write } from './writes.ts';

/** A value as JSON, or text or bytes as they are. */
export interface Answer {
  code?: number;
  type?: string;
  body: string | Buffer | object;
}

export interface Asked {
  request: IncomingMessage;
  method: string;
  query: URLSearchParams;
  body: Buffer;
  caller: Caller;
  /** The body read as what its type says. Throws an ApiError. */
  parsed: () => unknown;
}

type Open = (type: string) => Outlet;
type Kind = Address & { info: ResourceInfo };
type Named = Kind & { name: string };

/** Answers what is asked of an address, or streams it through an outlet. Throws ApiErrors. */
export function respondTo(world: World, path: string, asked: Asked, open: Open): Answer | 'streams' {
  const address = parseAddress(path);
  const { method, query, caller } = asked;
  const wish = address && wishOf(address, method, query);
  if (wish && !may(caller, wish)) throw forbidden(caller, wish);
  if (address?.group === 'metrics.k8s.io' && method === 'GET') {
    return metrics(world.cluster, address, asked, world.still ? world.startedAt : null);
  }
  if (address?.group === 'authorization.k8s.io' && method === 'POST') {
    return { code: 201, body: review(world.cluster.store, caller, address.resource, asked.parsed() as object) };
  }
  if (!address?.info) {
    const group = address && `/${address.group ? `apis/${address.group}` : 'api'}/${address.version}`;
    if (group && discover(group, '')) throw unknownResource();
    return { code: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' };
  }
  if (isNamed(address)) return single(world, address, asked, open);
  return collection(world, { ...address, info: address.info }, asked, open);
}

function collection(world: World, address: Kind, asked: Asked, open: Open): Answer | 'streams' {
  const { info, namespace } = address;
  const { method, query, request } = asked;
  if (method === 'GET' && ['1', 'true'].includes(query.get('watch') ?? '')) return stream(world, address, asked, open);
  if (method === 'GET') {
    const format = formatOf(request.headers.accept, { protobuf: isInProtobuf(info) });
    const body = list(world.cluster.store, info, namespace, query, format, world.timeline.now);
    return { ...(format === 'protobuf' && { type: PROTOBUF }), body };
  }
  if (method === 'POST') {
    const draft = asked.parsed() as KubeObject;
    return { code: 201, body: jsonOf(create(world.cluster, address, draft, writeOf(asked))) };
  }
  if (method !== 'DELETE') throw methodNotAllowed();
  const test = testOf(info.plural, query.get('labelSelector'), query.get('fieldSelector'));
  const objects: readonly KubeObject[] = world.cluster.store.list(info.plural, namespace ?? undefined);
  const items = objects.filter(each => !test || test(each));
  const options = deleteOptions(asked);
  for (const each of items) {
    const one = { ...address, namespace: each.metadata.namespace ?? null, name: each.metadata.name };
    remove(world.cluster, one, options, isRehearsed(options));
  }
  const metadata = { resourceVersion: String(world.cluster.store.revision) };
  return { body: { kind: `${info.kind}List`, apiVersion: apiVersionOf(info), metadata, items } };
}

function single(world: World, address: Named, asked: Asked, open: Open): Answer | 'streams' {
  const { cluster } = world;
  const { method, query, body, request } = asked;
  const type = request.headers['content-type']?.split(';')[0] ?? '';
  const write = writeOf(asked);
  const isPod = address.info.plural === 'pods';
  if (address.subresource === 'scale') {
    if (method === 'GET') return { body: readScale(cluster, address) };
    if (method !== 'PATCH' && method !== 'PUT') throw methodNotAllowed();
    const change = { type: method === 'PATCH' ? type : null, body: body.toString(), ...write };
    return { body: writeScale(cluster, address, change) };
  }
  if (isPod && address.subresource === 'eviction' && method === 'POST') return eviction(world, address, asked);
  if (isPod && address.subresource === 'log' && method === 'GET') return log(world, address, asked, open);
  if (isPod && address.subresource === 'exec') throw badRequest('Upgrade request required');
  if (address.subresource) throw unknownResource();
  if (method === 'GET') return { body: rendered(world, find(cluster, address), address.info, asked) };
  if (method === 'PUT') return { body: jsonOf(replace(cluster, address, asked.parsed() as KubeObject, write)) };
  if (method === 'PATCH' && type === 'application/apply-patch+yaml') {
    const options = { ...write, manager: query.get('fieldManager'), force: query.get('force') === 'true' };
    const { code, object } = apply(cluster, address, body.toString(), options);
    return { code, body: jsonOf(object) };
  }
  if (method === 'PATCH') return { body: jsonOf(patch(cluster, address, type, body.toString(), write)) };
  if (method !== 'DELETE') throw methodNotAllowed();
  const options = deleteOptions(asked);
  return { body: remove(cluster, address, options, isRehearsed(options)) };
}

function rendered(world: World, object: KubeObject, { plural }: ResourceInfo, { request, query }: Asked): string {
  const format = formatOf(request.headers.accept);
  if (format === 'partial') return partialOf(object);
  if (format === 'json') return jsonOf(object);
  const include = (query.get('includeObject') ?? 'Metadata') as IncludeObject;
  const { resourceVersion } = object.metadata;
  return tableOf(plural, [object], { resourceVersion }, { include, now: world.timeline.now });
}

function eviction({ cluster }: World, address: Named, { parsed, query }: Asked): Answer {
  const { deleteOptions: options = {} } = parsed() as { deleteOptions?: DeleteOptions };
  return { code: 201, body: evict(cluster, address, options, isDryRun(query, options)) };
}

/** How often a followed log is looked at. */
const FOLLOW_MS = 500;

function log(world: World, address: Named, { query }: Asked, open: Open): Answer | 'streams' {
  const { follow, past, more } = logs(world.cluster, find(world.cluster, address) as Pod, query);
  if (!follow) return { type: 'text/plain', body: past };
  const out = open('text/plain');
  out.write(past);
  const timer = setInterval(() => {
    world.catchUp();
    const text = more();
    if (text) out.write(text);
    else if (text === null) out.end();
  }, FOLLOW_MS);
  out.onEnd(() => clearInterval(timer));
  return 'streams';
}

function stream(world: World, { info, namespace }: Kind, { request, query }: Asked, open: Open): 'streams' {
  const format = formatOf(request.headers.accept);
  let out: Outlet | null = null;
  const early: (Buffer | string)[] = [];
  const stop = watch({
    store: world.cluster.store,
    info,
    namespace,
    query,
    format,
    now: () => world.timeline.now,
    // Nothing is sent before it is known that the watch may begin.
    send: chunk => (out ? out.write(chunk) : early.push(chunk)),
    end: () => out?.end(),
  });
  out = open('application/json');
  for (const chunk of early) out.write(chunk);
  out.onEnd(stop);
  return 'streams';
}

/** Who names no manager is called as its program. */
function writeOf({ query, request }: Asked): Write {
  const [program = 'unknown'] = (request.headers['user-agent'] || 'unknown').split('/');
  return { dryRun: isDryRun(query), manager: query.get('fieldManager') || program };
}

function isDryRun(query: URLSearchParams, options: DeleteOptions = {}): boolean {
  return query.get('dryRun') === 'All' || isRehearsed(options);
}

function isRehearsed({ dryRun }: DeleteOptions): boolean {
  return dryRun?.includes('All') ?? false;
}

/** From the body; only where there is none does the server read the query (k8s.io/apiserver, handlers/delete.go). */
function deleteOptions({ body, query, parsed }: Asked): DeleteOptions {
  if (body.length) return parsed() as DeleteOptions;
  const policy = query.get('propagationPolicy') as DeleteOptions['propagationPolicy'] | null;
  const grace = query.get('gracePeriodSeconds');
  return {
    ...(policy && { propagationPolicy: policy }),
    ...(grace !== null && { gracePeriodSeconds: Number(grace) }),
    ...(query.get('dryRun') === 'All' && { dryRun: ['All'] }),
  };
}
