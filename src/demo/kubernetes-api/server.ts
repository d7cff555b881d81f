import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { makeCertificate } from '../certificate.ts';
import { Gate, HOST } from '../gate.ts';
import { Outlets } from '../outlet.ts';
import type { World } from '../world.ts';
import { discover, VERSION } from './discovery.ts';
import { forgetJson } from './json.ts';
import { openapi } from './openapi.ts';
import type { Dial } from './port-forward.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { Caller, Hidden } from './rights.ts';
import { type Answer, respondTo } from './routes.ts';
import { ApiError, badRequest, unauthorized } from './status.ts';
import { type Door, upgrade } from './upgrades.ts';

export interface KubernetesApi {
  readonly gate: Gate;
  /** PEM of the certificate with which it can be trusted. */
  readonly certificate: string;
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** The bearer token that it takes; null: none, whoever comes is unauthorized. */
  token: string | null;
  /** What whoever brings it may do. */
  rights: Caller['rights'];
  /** What stands behind the ports of pods. */
  dial: Dial;
  /** A token with which one may only look. */
  readonly viewerToken: string;
  /** What those who may only look may not even look at; nothing at the start. */
  hidden: Hidden;
  /** The metrics API: it answers, there is none, or it is registered and nobody answers. */
  metrics: 'on' | 'off' | 'broken';
  /** Requests answered so far. */
  readonly requests: number;
  close(): Promise<void>;
}

/** Serves the world's cluster as a Kubernetes API server does: the same addresses, forms, versions and words. */
export async function serveKubernetes(world: World, token: string, viewerToken: string): Promise<KubernetesApi> {
  const { cert, key } = makeCertificate(world.startedAt);
  const server = createServer({ cert, key }, (request, response) => void respond(request, response));
  const gate = new Gate(server);
  const outlets = new Outlets(gate);
  let requests = 0;
  const api: KubernetesApi = {
    gate,
    certificate: cert,
    token,
    rights: 'all',
    dial: () => null,
    viewerToken,
    hidden: () => false,
    metrics: 'on',
    get url() {
      return `https://${HOST}:${gate.port}`;
    },
    get requests() {
      return requests;
    },
    async close() {
      stopForgetting();
      outlets.end();
      gate.thaw();
      server.close();
      await gate.shut();
    },
  };
  server.on('tlsClientError', () => {}); // who came has left
  const door: Door = { callerOf: request => callerOf(request, api), dial: (pod, port) => api.dial(pod, port) };
  server.on('upgrade', (request, socket, head) => {
    requests += 1;
    void gate.passage().then(() => upgrade(world, request, socket, head, door));
  });
  const stopForgetting = world.cluster.store.onChange(({ before }) => before && forgetJson(before));

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1;
    try {
      const body = await read(request);
      await gate.passage();
      if (response.destroyed) return;
      world.catchUp();
      const caller = callerOf(request, api);
      const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'https://demo');
      const asked = {
        request,
        method: request.method ?? 'GET',
        query,
        body,
        caller,
        parsed: () => parse(request, body),
      };
      const open = (type: string) => outlets.open(response, { 'content-type': type, ...UNCACHED });
      const answer =
        unmeasured(path, api) ?? general(path, asked.method, gate.port) ?? respondTo(world, path, asked, open);
      if (answer !== 'streams') send(response, answer);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof ApiError) send(response, { code: error.failure.code, body: error.body });
      else send(response, internal(error));
    }
  }

  await gate.open();
  return api;
}

const UNCACHED = { 'cache-control': 'no-cache, private' };

/** What the aggregator answers for a metrics API that is not there, or does not answer it. */
function unmeasured(path: string, { metrics }: KubernetesApi): Answer | null {
  if (metrics === 'on' || !path.startsWith('/apis/metrics.k8s.io/')) return null;
  const type = 'text/plain; charset=utf-8';
  return metrics === 'off'
    ? { code: 404, type, body: '404 page not found\n' }
    : { code: 503, type, body: 'service unavailable\n' };
}

/** What is about the server, not about an object. */
function general(path: string, method: string, port: number): Answer | null {
  if (path === '/version') return { body: VERSION };
  if (['/readyz', '/livez', '/healthz'].includes(path)) return { type: 'text/plain; charset=utf-8', body: 'ok' };
  const body = method === 'GET' ? (discover(path, `${HOST}:${port}`) ?? openapi(path)) : null;
  return body && { body };
}

function callerOf({ headers }: IncomingMessage, { token, rights, viewerToken, hidden }: KubernetesApi): Caller {
  const given = Buffer.from(headers.authorization ?? '');
  const isGiven = (wanted: string) => {
    const bearer = Buffer.from(`Bearer ${wanted}`);
    return given.length === bearer.length && timingSafeEqual(given, bearer);
  };
  if (token !== null && isGiven(token)) return { user: 'demo', rights };
  if (isGiven(viewerToken)) return { user: 'demo-viewer', rights: 'view', hidden };
  throw unauthorized();
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parse({ headers }: IncomingMessage, body: Buffer): unknown {
  if (headers['content-type']?.startsWith('application/vnd.kubernetes.protobuf')) return decodeProtobuf(body);
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

function send(response: ServerResponse, { code = 200, type = 'application/json', body }: Answer): void {
  const isAsItIs = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = Buffer.from(isAsItIs ? body : JSON.stringify(body));
  response.writeHead(code, { 'content-type': type, 'content-length': bytes.length, ...UNCACHED });
  response.end(bytes);
}

function internal(error: unknown): Answer {
  const message = `the demo failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return { code: 500, body: { ...status, reason: 'InternalError', message, code: 500 } };
}
