import type { KubeObject, Plural } from '../controller/kubernetes/objects.ts';
import type { ResourceInfo } from '../controller/kubernetes/resources.ts';
import { apiVersionOf } from '../controller/kubernetes/resources.ts';
import type { Store } from '../controller/kubernetes/store.ts';
import type { Format } from './format.ts';
import { itemOf } from './json.ts';
import { protobufList } from './protobuf-list.ts';
import { testOf } from './selector-text.ts';
import { ApiError, badRequest, expired } from './status.ts';
import { type IncludeObject, partialOf, tableOf } from './tables.ts';

interface Token {
  v: string;
  /** The version of the list that the first page began. */
  rv: number;
  start: string;
}

/** A list, or a page of one: the objects themselves in JSON or protobuf, their metadata, or a Table. */
export function list(
  store: Store,
  info: ResourceInfo,
  namespace: string | null,
  query: URLSearchParams,
  format: Format,
  now: number,
): string | Buffer {
  const token = tokenOf(store, info.plural, query);
  const wantedVersion = Number(query.get('resourceVersion') || 0);
  if (!token && query.get('resourceVersionMatch') === 'Exact' && wantedVersion !== store.revision) {
    throw expired('The resourceVersion for the provided list is too old.');
  }
  if (!token && wantedVersion > store.revision) throw tooLarge(wantedVersion, store.revision);
  const test = testOf(info.plural, query.get('labelSelector'), query.get('fieldSelector'));
  const all = store.list(info.plural, namespace ?? undefined) as readonly KubeObject[];
  const found = test ? all.filter(test) : all;
  const limit = Number(query.get('limit') || 0);
  const from = token ? placeAfter(found, token.start) : 0;
  const page = limit > 0 ? found.slice(from, from + limit) : found.slice(from);
  const rest = found.length - from - page.length;
  const revision = token?.rv ?? store.revision;
  const metadata = {
    resourceVersion: String(revision),
    ...(rest > 0 && {
      continue: encode({ v: 'meta.k8s.io/v1', rv: revision, start: positionOf(page.at(-1) as KubeObject) }),
      // As the real server: with a selector nobody counts the rest.
      ...(!test && { remainingItemCount: rest }),
    }),
  };
  return render(info, page, metadata, query, format, now);
}

function render(
  info: ResourceInfo,
  page: readonly KubeObject[],
  metadata: object,
  query: URLSearchParams,
  format: Format,
  now: number,
): string | Buffer {
  if (format === 'protobuf') return protobufList(info, page, metadata);
  if (format === 'table') {
    const include = (query.get('includeObject') ?? 'Metadata') as IncludeObject;
    return tableOf(info.plural, page, metadata, { include, now });
  }
  const isPartial = format === 'partial';
  const kind = isPartial ? 'PartialObjectMetadataList' : `${info.kind}List`;
  const version = isPartial ? 'meta.k8s.io/v1' : apiVersionOf(info);
  // The real server's empty list of metadata is none.
  const items = isPartial && page.length === 0 ? 'null' : `[${page.map(isPartial ? partialOf : itemOf).join(',')}]`;
  return `{"kind":"${kind}","apiVersion":"${version}","metadata":${JSON.stringify(metadata)},"items":${items}}`;
}

function tokenOf(store: Store, plural: Plural, query: URLSearchParams): Token | null {
  const text = query.get('continue');
  if (!text) return null;
  const token = decode(text);
  if (store.since(plural, token.rv) === null) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  }
  return token;
}

/** How many stand up to a position: halving what is left, since fifty thousand are looked through for each page. */
function placeAfter(ordered: readonly KubeObject[], position: string): number {
  let [from, to] = [0, ordered.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (positionOf(ordered[middle]!) > position) to = middle;
    else from = middle + 1;
  }
  return from;
}

function positionOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace} ${name}`;
}

function encode(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function decode(text: string): Token {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as Token;
    if (typeof token.rv === 'number' && typeof token.start === 'string') return token;
  } catch {
    // told below, in the server's words
  }
  throw badRequest('invalid continue token: continue key is not valid: it was not made by this server');
}

function tooLarge(wanted: number, current: number): ApiError {
  return new ApiError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${wanted}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}
