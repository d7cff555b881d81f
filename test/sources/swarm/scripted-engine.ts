import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiInfo, ApiNetwork, ApiNode, ApiService, ApiTask } from '../../../src/sources/swarm/api.ts';

/** What an engine does with a request to one path instead of answering it well. */
export type Fault =
  /** It takes the request and says nothing. */
  | 'hang'
  /** It closes the connection. */
  | 'close'
  /** Half of the answer, then the connection breaks. */
  | 'half'
  | { status: number; message: string }
  /** Any body, with status 200 unless another is given. */
  | { body: string; status?: number; type?: string };

/** A server that speaks as much of the Docker Engine API as is read, counts what it is asked, and fails on demand. */
export class ScriptedEngine {
  readonly asked = new Map<string, number>();
  readonly queries: string[] = [];
  readonly faults = new Map<string, Fault>();
  nodes: ApiNode[] = [];
  services: ApiService[] = [];
  tasks: ApiTask[] = [];
  networks: ApiNetwork[] = [];
  info: ApiInfo = { Name: 'node1', ServerVersion: '20.10.24', Swarm: { Cluster: { ID: 'cluster1' } } };
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #streams = new Set<ServerResponse>();
  readonly #hanging = new Map<string, ServerResponse[]>();

  /** On a free port, or on the one that another has left. */
  async listen(port = 0): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(port, '127.0.0.1', resolve));
  }

  get host(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Requests so far: of one path, or of all. */
  count(path?: string): number {
    if (path !== undefined) return this.asked.get(path) ?? 0;
    return [...this.asked.values()].reduce((sum, n) => sum + n, 0);
  }

  get streams(): number {
    return this.#streams.size;
  }

  emit(...events: object[]): void {
    for (const stream of this.#streams) stream.write(events.map(event => `${JSON.stringify(event)}\n`).join(''));
  }

  write(text: string): void {
    for (const stream of this.#streams) stream.write(text);
  }

  endStreams(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  /** As after SIGSTOP: connections are accepted, nothing is answered. */
  freeze(): void {
    for (const path of ['/_ping', '/services', '/tasks', '/nodes', '/networks', '/info', '/events'])
      this.faults.set(path, 'hang');
  }

  /** How many requests of a path wait for an answer. */
  hanging(pathname: string): number {
    return this.#hanging.get(pathname)?.length ?? 0;
  }

  /** Answers what hangs, well and late. */
  answerHanging(pathname: string): void {
    for (const response of this.#hanging.get(pathname) ?? []) this.#answerWell(pathname, response);
    this.#hanging.delete(pathname);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '/', 'http://engine');
    this.asked.set(pathname, this.count(pathname) + 1);
    this.queries.push(`${pathname}${decodeURIComponent(search)}`);
    const fault = this.faults.get(pathname);
    if (fault !== undefined) return this.#fail(fault, pathname, response);
    this.#answerWell(pathname, response, search);
  }

  #answerWell(pathname: string, response: ServerResponse, search = ''): void {
    response.setHeader('Api-Version', '1.41');
    switch (pathname) {
      case '/_ping':
        return void response.end('OK');
      case '/info':
        return json(response, this.info);
      case '/nodes':
        return json(response, this.nodes);
      case '/services':
        return json(response, this.services);
      case '/tasks':
        return json(response, this.#tasksOf(new URLSearchParams(search).get('filters')));
      case '/networks':
        return json(response, this.networks);
      case '/events':
        this.#streams.add(response);
        response.on('close', () => this.#streams.delete(response));
        response.writeHead(200, { 'Content-Type': 'application/json' });
        return response.flushHeaders();
      default:
        return this.#inspect(pathname, response);
    }
  }

  #tasksOf(filters: string | null): ApiTask[] {
    const { service } = JSON.parse(filters ?? '{}') as { service?: string[] };
    return this.tasks.filter(({ ServiceID }) => service?.includes(ServiceID ?? '') ?? true);
  }

  #inspect(pathname: string, response: ServerResponse): void {
    const [, collection, id] = pathname.split('/');
    const all = { nodes: this.nodes, services: this.services, tasks: this.tasks }[collection ?? ''] ?? [];
    const found = all.find(({ ID }) => ID === id);
    if (found) return json(response, found);
    response.writeHead(404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ message: `${collection} ${id} not found` }));
  }

  #fail(fault: Fault, pathname: string, response: ServerResponse): void {
    if (fault === 'hang') {
      this.#hanging.set(pathname, [...(this.#hanging.get(pathname) ?? []), response]);
      return;
    }
    if (fault === 'close') return void response.destroy();
    if (fault === 'half') {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
      response.write('[{"ID": "abc", "Spec": {"Na');
      setImmediate(() => response.destroy());
      return;
    }
    if ('message' in fault) {
      response.writeHead(fault.status, { 'Content-Type': 'application/json' });
      return void response.end(JSON.stringify({ message: fault.message }));
    }
    response.writeHead(fault.status ?? 200, { 'Content-Type': fault.type ?? 'application/json' });
    response.end(fault.body);
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
}
