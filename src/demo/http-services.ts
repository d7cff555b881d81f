import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isReady } from './controller/kubernetes/relations.ts';
import { STACK } from './controller/swarm/stack.ts';
import { databaseService } from './database-service.ts';
import { Gate, HOST } from './gate.ts';
import { instanceService } from './instance-service.ts';
import { Random } from './random.ts';
import { registryAnswer } from './registry.ts';
import { DOMAIN, NAMESPACE } from './shape.ts';
import type { World } from './world.ts';

export interface HttpServices {
  readonly gate: Gate;
  /** `http://127.0.0.1:PORT`; which service answers is decided by the Host header. */
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpAsked {
  method: string;
  path: string;
  /** The body as JSON, {} without one. */
  body: Record<string, unknown>;
}

export interface HttpAnswer {
  code?: number;
  headers?: Record<string, string>;
  body: object | string;
}

/** A route as Traefik has it: where it leads, and what answers there. */
interface Route {
  /** Whether somebody runs there; else Traefik itself answers 503. */
  isUp: () => boolean;
  answer: (asked: HttpAsked) => HttpAnswer;
}

/** Serves the platform's HTTP side on one port, routed by Host and path as Traefik does it. */
export async function serveHttp(world: World): Promise<HttpServices> {
  const random = new Random(world.seed);
  const server = createServer((request, response) => void respond(request, response));
  const gate = new Gate(server);

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    await gate.passage();
    if (response.destroyed) return;
    world.catchUp();
    const { pathname } = new URL(request.url ?? '/', 'http://demo');
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const found = routeTo(world, host, pathname);
    const asked = { method: request.method ?? 'GET', path: found?.path ?? pathname, body };
    const registry = registryAnswer(world, asked);
    const answer = registry
      ? registry
      : !found
        ? { code: 404, body: '404 page not found\n' }
        : found.route.isUp()
          ? found.route.answer(asked)
          : { code: 503, body: 'no available server\n' };
    // A service takes its time; when nothing may change it answers at once.
    if (!world.still) await new Promise(done => setTimeout(done, random.between(2, 30)));
    send(response, answer);
  }

  await gate.open();
  return {
    gate,
    url: `http://${HOST}:${gate.port}`,
    async close() {
      gate.thaw();
      server.close();
      await gate.shut();
    },
  };
}

function routeTo(world: World, host: string, path: string): { route: Route; path: string } | null {
  if (host === `api.${DOMAIN}`) {
    const [, name = '', rest = ''] = /^\/(user|instance|billing|database)(\/.*)?$/.exec(path) ?? [];
    return name ? { route: apiRoute(world, name), path: rest || '/' } : null;
  }
  if (host === `app.${DOMAIN}`) return { route: plain(world, 'frontend-service', '<title>saasodoo</title>\n'), path };
  if (host === `billing.${DOMAIN}`) return { route: plain(world, 'killbill', { status: 'UP' }), path };
  const instance = world.shape.instances.find(each => `${each.subdomain}.${DOMAIN}` === host);
  if (!instance) return null;
  const isUp = () =>
    instance.system === 'swarm'
      ? runsOnSwarm(world, instance.serviceName)
      : runsOnKubernetes(world, instance.serviceName);
  return { route: { isUp, answer: () => ({ body: `<title>${instance.name}</title>\n` }) }, path };
}

function apiRoute(world: World, name: string): Route {
  const service = `${name}-service`;
  return {
    isUp: () => runsOnSwarm(world, `${STACK}_${service}`),
    answer(asked) {
      const special =
        name === 'database'
          ? databaseService(world, asked)
          : name === 'instance'
            ? instanceService(world, asked)
            : null;
      if (special) return special;
      // It says so without looking at anything: the real ones do no more.
      if (asked.path === '/health' && asked.method === 'GET') return { body: { status: 'healthy', service } };
      return { code: 404, body: { detail: 'Not Found' } };
    },
  };
}

function plain(world: World, service: string, body: object | string): Route {
  return { isUp: () => runsOnSwarm(world, `${STACK}_${service}`), answer: () => ({ body }) };
}

function runsOnSwarm({ swarm }: World, name: string): boolean {
  const service = swarm.store.list('service').find(each => each.Spec.Name === name);
  const tasks = service ? swarm.store.tasksOf(service.ID) : [];
  return tasks.some(each => each.Status.State === 'running' && !swarm.downNodes.has(each.NodeID ?? ''));
}

function runsOnKubernetes({ cluster }: World, name: string): boolean {
  const service = cluster.store.get('services', NAMESPACE, name);
  const pods = service ? cluster.services.podsOf(service) : [];
  return pods.some(each => isReady(each) && !each.metadata.deletionTimestamp);
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString() || '{}');
  } catch {
    return {};
  }
}

function send(response: ServerResponse, { code = 200, headers = {}, body }: HttpAnswer): void {
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(code, { 'content-type': type, 'content-length': bytes.length, ...headers });
  response.end(bytes);
}
