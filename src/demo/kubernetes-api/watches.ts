import type { KubeObject } from '../controller/kubernetes/objects.ts';
import { apiVersionOf, type ResourceInfo } from '../controller/kubernetes/resources.ts';
import type { Change, Store } from '../controller/kubernetes/store.ts';
import type { Format } from './format.ts';
import { jsonOf, lineOf } from './json.ts';
import { type Test, testOf } from './selector-text.ts';
import { ApiError, expired } from './status.ts';
import { type IncludeObject, partialOf, tableOf } from './tables.ts';

export interface WatchOptions {
  store: Store;
  info: ResourceInfo;
  namespace: string | null;
  query: URLSearchParams;
  format: Format;
  now: () => number;
  /** Takes what is to be sent; many lines may come as one. */
  send: (chunk: Buffer | string) => void;
  end: () => void;
}

/** How often who asked for bookmarks gets one. */
const BOOKMARK_MS = 60_000;
/** Without timeoutSeconds: 30 to 60 minutes in the real server. */
const DEFAULT_SECONDS = 2400;

/**
 * A watch: the changes since a version (or first all objects, where none is named), then each as it happens. What it
 * returns ends it. Throws an ApiError for a version that cannot be read.
 */
export function watch({ store, info, namespace, query, format, now, send, end }: WatchOptions): () => void {
  const test = scopeOf(info, namespace, query);
  const include = (query.get('includeObject') ?? 'Metadata') as IncludeObject;
  const wantsBookmarks = ['true', '1'].includes(query.get('allowWatchBookmarks') ?? '');
  const since = versionOf(query.get('resourceVersion'));
  let headers = true;
  let untold: (Buffer | string)[] = [];

  const flush = () => {
    const chunks = untold;
    untold = [];
    if (chunks.length === 1) send(chunks[0] as Buffer | string);
    else if (chunks.length)
      send(Buffer.concat(chunks.map(each => (typeof each === 'string' ? Buffer.from(each) : each))));
  };
  const tell = (chunk: Buffer | string) => {
    if (untold.push(chunk) === 1) setImmediate(flush);
  };
  const line = (type: Change['type'], object: KubeObject) => {
    if (format === 'json') return `{"type":"${type}","object":${jsonOf(object)}}\n`;
    if (format === 'partial') return `{"type":"${type}","object":${partialOf(object)}}\n`;
    const { resourceVersion } = object.metadata;
    const table = tableOf(info.plural, [object], { resourceVersion }, { include, now: now(), headers });
    headers = false;
    return `{"type":"${type}","object":${table}}\n`;
  };
  const bookmark = (annotations?: object) => {
    const metadata = { resourceVersion: String(store.revision), ...(annotations && { annotations }) };
    const object = { kind: info.kind, apiVersion: apiVersionOf(info), metadata };
    tell(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  };
  const relay = (change: Change) => {
    if (change.resource !== info.plural) return;
    if (!test && format === 'json') return tell(lineOf(change));
    const type = visible(change, test);
    if (type) tell(line(type, change.object));
  };

  const past = since > 0 ? store.since(info.plural, since) : [];
  if (past === null) {
    const { body } = expired(`too old resource version: ${since} (${store.revision})`);
    send(`${JSON.stringify({ type: 'ERROR', object: body })}\n`);
    setImmediate(end);
    return () => {};
  }
  const wantsAll = since === 0 && query.get('sendInitialEvents') !== 'false';
  if (wantsAll || query.get('sendInitialEvents') === 'true') {
    for (const object of store.list(info.plural)) if (!test || test(object)) tell(line('ADDED', object));
    if (query.get('sendInitialEvents') === 'true') bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else for (const change of past) relay(change);
  const unsubscribe = store.onChange(relay);
  const bookmarks = wantsBookmarks ? setInterval(bookmark, BOOKMARK_MS) : undefined;
  const seconds = Number(query.get('timeoutSeconds') || DEFAULT_SECONDS);
  const stop = () => {
    unsubscribe();
    clearInterval(bookmarks);
    clearTimeout(timeout);
  };
  const timeout = setTimeout(() => {
    stop();
    flush();
    end();
  }, seconds * 1000);
  return stop;
}

function scopeOf(info: ResourceInfo, namespace: string | null, query: URLSearchParams): Test | null {
  const test = testOf(info.plural, query.get('labelSelector'), query.get('fieldSelector'));
  if (namespace === null) return test;
  return object => object.metadata.namespace === namespace && (!test || test(object));
}

/** What a change is to someone who sees only a part: what leaves that part is deleted, what comes in is added. */
function visible({ type, object, before }: Change, test: Test | null): Change['type'] | null {
  if (!test) return type;
  const is = type !== 'DELETED' && test(object);
  const was = before !== null && test(before);
  if (is) return was ? 'MODIFIED' : 'ADDED';
  return was ? 'DELETED' : null;
}

function versionOf(text: string | null): number {
  const version = Number(text || 0);
  if (Number.isSafeInteger(version) && version >= 0) return version;
  const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  throw new ApiError({ code: 500, message });
}
