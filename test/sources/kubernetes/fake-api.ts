import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Asked {
  /** `list`, `watch`, or the last part of the path. */
  verb: string;
  plural: string;
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  accept: string | undefined;
  at: number;
}

type Thing = Record<string, unknown> & { metadata: Record<string, unknown> };
/** Answers by itself, or calls `serve` for the usual answer. */
export type Answer = (asked: Asked, response: ServerResponse, serve: () => void) => void;

const PLURALS =
  'nodes deployments statefulsets daemonsets cronjobs jobs pods services endpointslices persistentvolumeclaims ingresses ingressroutes events'.split(
    ' ',
  );

/** A small API server on loopback that keeps objects and versions, and can be told to misbehave. */
export class FakeApi {
  readonly asked: Asked[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'qd-kube-'));
  readonly kubeconfig = join(this.folder, 'config');
  /** By plural, or `readyz`, `version`, `metrics`. */
  readonly answers = new Map<string, Answer>();
  readonly metrics: Record<string, Thing[] | undefined> = {};
  token = 'token-0f9e8d7c';
  /** Uid of the first namespace. */
  cluster = 'cluster-1';
  /** Whether Traefik's own resources are defined. */
  traefik = false;
  #version = 100;
  readonly #objects = new Map<string, Map<string, Thing>>(PLURALS.map(plural => [plural, new Map()]));
  readonly #history: { version: number; plural: string; type: string; object: Thing }[] = [];
  readonly #watches = new Map<ServerResponse, Asked>();
  readonly #server = http.createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<FakeApi> {
    const fake = new FakeApi();
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    fake.writeKubeconfig();
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  writeKubeconfig(current = 'lab', more: object = {}): void {
    const context = (name: string) => ({ name, context: { cluster: 'c', user: 'ops', namespace: 'shop' } });
    const config = {
      'current-context': current,
      clusters: [{ name: 'c', cluster: { server: this.url } }],
      contexts: [context('lab'), context('other')],
      users: [{ name: 'ops', user: { token: this.token } }],
      ...more,
    };
    writeFileSync(this.kubeconfig, JSON.stringify(config));
  }

  /** Makes an object what it is given as, and tells the watches. */
  put(plural: string, object: Thing): void {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const type = this.#of(plural).has(key) ? 'MODIFIED' : 'ADDED';
    const stamped = {
      ...object,
      metadata: { uid: `uid-${key}`, ...object.metadata, resourceVersion: `${++this.#version}` },
    };
    this.#of(plural).set(key, stamped);
    this.#tell(plural, type, stamped);
  }

  remove(plural: string, name: string, namespace = ''): void {
    const object = this.#of(plural).get(`${namespace}/${name}`);
    if (!object) throw new Error(`no ${plural} ${name}`);
    this.#of(plural).delete(`${namespace}/${name}`);
    this.#tell(plural, 'DELETED', {
      ...object,
      metadata: { ...object.metadata, resourceVersion: `${++this.#version}` },
    });
  }

  /** Removes without a word, as what happened while nobody watched. */
  forget(plural: string, name: string, namespace = ''): void {
    this.#of(plural).delete(`${namespace}/${name}`);
    this.#version++;
  }

  /** The server is set back to a version, as from a backup: later objects and events never were. */
  setBack(version: number): void {
    this.#version = version;
    this.#history.length = 0;
  }

  count(verb: string, plural?: string): number {
    return this.asked.filter(asked => asked.verb === verb && (plural === undefined || asked.plural === plural)).length;
  }

  last(verb: string, plural: string): Asked | undefined {
    return this.asked.filter(asked => asked.verb === verb && asked.plural === plural).at(-1);
  }

  /** The open watches of one resource. */
  watches(plural: string): ServerResponse[] {
    return [...this.#watches].filter(([, asked]) => asked.plural === plural).map(([response]) => response);
  }

  get version(): string {
    return String(this.#version);
  }

  async connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, n) => (error ? reject(error) : resolve(n))),
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.folder, { recursive: true });
  }

  #of(plural: string): Map<string, Thing> {
    const found = this.#objects.get(plural);
    if (!found) throw new Error(`what are ${plural}?`);
    return found;
  }

  #tell(plural: string, type: string, object: Thing): void {
    this.#history.push({ version: this.#version, plural, type, object });
    for (const response of this.watches(plural)) response.write(`${JSON.stringify({ type, object })}\n`);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const parts = url.pathname.split('/');
    const plural = parts.findLast(part => PLURALS.includes(part)) ?? parts.at(-1) ?? '';
    const collection = PLURALS.includes(parts.at(-1) ?? '') && !url.pathname.includes('metrics.k8s.io');
    const verb = url.searchParams.has('watch') ? 'watch' : collection ? 'list' : (parts.at(-1) ?? '');
    const { authorization, accept } = request.headers;
    const [path, query] = [url.pathname, url.searchParams];
    const asked: Asked = { verb, plural, path, query, authorization, accept, at: Date.now() };
    this.asked.push(asked);
    if (authorization !== `Bearer ${this.token}`) return status(response, 401, 'Unauthorized');
    const serve = () => this.#serve(asked, response);
    const key = asked.path.includes('metrics.k8s.io') ? 'metrics' : PLURALS.includes(plural) ? plural : verb;
    const answer = this.answers.get(key);
    if (answer) answer(asked, response, serve);
    else serve();
  }

  #serve(asked: Asked, response: ServerResponse): void {
    const { verb, plural, path, query } = asked;
    if (verb === 'readyz') return void response.end('ok');
    if (verb === 'version') return json(response, { gitVersion: 'v1.35.4' });
    if (verb === 'namespaces') {
      const items = [{ metadata: { name: 'default', uid: this.cluster } }];
      return json(response, { metadata: { resourceVersion: this.version }, items });
    }
    if (path.includes('metrics.k8s.io')) {
      const items = this.metrics[verb];
      return items
        ? json(response, { items })
        : status(response, 404, 'the server could not find the requested resource');
    }
    if (verb === 'v1alpha1') {
      return this.traefik
        ? json(response, { groupVersion: 'traefik.io/v1alpha1', resources: [{ name: 'ingressroutes' }] })
        : status(response, 404, 'the server could not find the requested resource');
    }
    const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
    if (verb === 'watch') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      for (const event of this.#history) {
        if (event.plural === plural && event.version > Number(query.get('resourceVersion'))) {
          response.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`);
        }
      }
      this.#watches.set(response, asked);
      response.on('close', () => this.#watches.delete(response));
      return;
    }
    const all = [...this.#of(plural).values()].filter(({ metadata }) => !namespace || metadata.namespace === namespace);
    if (verb !== 'list') {
      const found = all.find(({ metadata }) => metadata.name === verb);
      return found ? json(response, found) : status(response, 404, `${plural} "${verb}" not found`);
    }
    const from = Number(query.get('continue') ?? 0);
    const to = from + Number(query.get('limit') ?? all.length);
    const metadata = { resourceVersion: this.version, ...(to < all.length ? { continue: String(to) } : {}) };
    json(response, { metadata, items: all.slice(from, to) });
  }
}

export function json(response: ServerResponse, body: unknown, code = 200): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Kubernetes' way to say no. */
export function status(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ kind: 'Status', status: 'Failure', code, message }));
}

export function pod(name: string, fields: { phase?: string; labels?: object; namespace?: string } = {}): Thing {
  const { phase = 'Running', labels = {}, namespace = 'shop' } = fields;
  return {
    metadata: { name, namespace, labels },
    spec: { nodeName: 'n1', restartPolicy: 'Always', containers: [{ name: 'c', image: 'web:1' }] },
    status: { phase, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}
