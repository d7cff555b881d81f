import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ENGINE_VERSION } from '../controller/swarm/genesis.ts';
import { Gate, HOST } from '../gate.ts';
import { Outlets } from '../outlet.ts';
import type { World } from '../world.ts';
import { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { hijackExec } from './execs.ts';
import { API_VERSION, MIN_API_VERSION } from './info.ts';
import { type Answer, respondTo } from './routes.ts';

export interface DockerApi {
  readonly gate: Gate;
  /** `tcp://127.0.0.1:PORT`, as DOCKER_HOST has it. */
  readonly host: string;
  /** Requests answered so far. */
  readonly requests: number;
  close(): Promise<void>;
}

const HEADERS = {
  'api-version': API_VERSION,
  'docker-experimental': 'false',
  ostype: 'linux',
  server: `Docker/${ENGINE_VERSION} (linux)`,
};

/**
 * Serves the world's swarm as the engine of one of its machines does: the same addresses, versions, codes and words. The
 * first machine is the manager.
 */
export async function serveDocker(world: World, hostname = world.shape.nodes[0]?.name ?? ''): Promise<DockerApi> {
  const engine = new Engine(world, hostname);
  const server = createServer((request, response) => void respond(request, response));
  const gate = new Gate(server);
  const outlets = new Outlets(gate);
  let requests = 0;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1;
    try {
      const body = await read(request);
      await gate.passage();
      if (response.destroyed) return;
      world.catchUp();
      // A client reads from it how far the engine's clock is from its own.
      response.setHeader('date', new Date(world.timeline.now).toUTCString());
      const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://demo');
      const { path, version } = withoutVersion(pathname);
      if (path === '/_ping') return pong(engine, request, response);
      const method = request.method ?? 'GET';
      const open = (type: string) => outlets.open(response, { ...HEADERS, 'content-type': type });
      const answer = respondTo(engine, { method, path, query, version, parsed: () => parse(body), open });
      if (answer !== 'streams') send(response, codeOf(method, path), answer);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof EngineError && error.code === 304) send(response, 304, null);
      else if (error instanceof EngineError) send(response, error.code, { message: error.message });
      else send(response, 500, { message: `the demo failed: ${error instanceof Error ? error.stack : error}` });
    }
  }

  server.on('upgrade', (request, socket, head) => {
    requests += 1;
    void gate.passage().then(() => takeOver(engine, request, socket, head));
  });
  await gate.open();
  return {
    gate,
    host: `tcp://${HOST}:${gate.port}`,
    get requests() {
      return requests;
    },
    async close() {
      outlets.end();
      gate.thaw();
      server.close();
      await gate.shut();
    },
  };
}

/** `/v1.41/services` is `/services` for a client of that version. */
function withoutVersion(path: string): { path: string; version: number } {
  const [, version = API_VERSION, rest = path] = /^\/v(\d+\.\d+)(\/.*)$/.exec(path) ?? [];
  const minor = (text: string) => Number(text.split('.')[0]) * 1000 + Number(text.split('.')[1]);
  if (minor(version) > minor(API_VERSION)) {
    const limit = `Maximum supported API version is ${API_VERSION}`;
    throw new EngineError(400, `client version ${version} is too new. ${limit}`);
  }
  if (minor(version) < minor(MIN_API_VERSION)) {
    const limit = `Minimum supported API version is ${MIN_API_VERSION}, please upgrade your client to a newer version`;
    throw new EngineError(400, `client version ${version} is too old. ${limit}`);
  }
  return { path: rest, version: minor(version) };
}

/** A connection that is to become a terminal: the body that came with it, and then what is typed. */
function takeOver(engine: Engine, { url, headers }: IncomingMessage, socket: Duplex, head: Buffer): void {
  const [, id] = /^(?:\/v[\d.]+)?\/exec\/([^/?]+)\/start/.exec(url ?? '') ?? [];
  const length = Number(headers['content-length'] ?? 0);
  let come = head;
  const look = (chunk: Buffer = Buffer.alloc(0)) => {
    come = Buffer.concat([come, chunk]);
    if (come.length < length) return;
    socket.off('data', look);
    engine.world.catchUp();
    hijackExec(engine, id ?? '', socket, come.subarray(length));
  };
  socket.on('data', look);
  look();
}

function pong({ node }: Engine, { method }: IncomingMessage, response: ServerResponse): void {
  const headers = {
    ...HEADERS,
    'builder-version': '2',
    'cache-control': 'no-cache, no-store, must-revalidate',
    'content-type': 'text/plain; charset=utf-8',
    pragma: 'no-cache',
    swarm: `active/${node.Spec.Role}`,
  };
  response.writeHead(200, headers);
  response.end(method === 'HEAD' ? undefined : 'OK');
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parse(body: Buffer): object {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw new EngineError(400, `invalid JSON: ${(error as Error).message}`);
  }
  throw new EngineError(400, 'invalid JSON: json: cannot unmarshal into Go value');
}

const GONE_WITHOUT_A_WORD = /^\/(networks|secrets|configs|volumes|containers)\//;

/** Of what went well. */
function codeOf(method: string, path: string): number {
  if (path.endsWith('/create') || /^\/containers\/[^/]+\/exec$/.test(path)) return 201;
  if (/^\/containers\/[^/]+\/(stop|kill)$/.test(path)) return 204;
  return method === 'DELETE' && GONE_WITHOUT_A_WORD.test(path) ? 204 : 200;
}

function send(response: ServerResponse, code: number, answer: Answer): void {
  if (answer === null) {
    response.writeHead(code, { ...HEADERS, ...(code !== 204 && code !== 304 && { 'content-length': 0 }) });
    response.end();
    return;
  }
  const bytes = Buffer.from(`${typeof answer === 'string' ? answer : JSON.stringify(answer)}\n`);
  response.writeHead(code, { ...HEADERS, 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}
