import { type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { FakeClock } from '../../src/demo/clock.ts';
import { type DockerApi, serveDocker } from '../../src/demo/docker-api/server.ts';
import { type KubernetesApi, serveKubernetes } from '../../src/demo/kubernetes-api/server.ts';
import { World, type WorldOptions } from '../../src/demo/world.ts';

/** A world whose time stands until the test moves it. */
export class Bed {
  readonly clock = new FakeClock();
  readonly world: World;

  constructor(options: Omit<WorldOptions, 'clock'> = {}) {
    this.world = new World({ clock: this.clock, preset: 'calm', ...options });
  }

  /** Lets seconds pass. */
  pass(seconds: number): void {
    this.clock.advance(seconds * 1000);
    this.world.catchUp();
  }

  /** Lets time pass until something is so; throws when it is not within two simulated minutes. */
  until(isSo: () => boolean, seconds = 120): void {
    for (let passed = 0; passed < seconds * 10; passed += 1) {
      if (isSo()) return;
      this.pass(0.1);
    }
    throw new Error(`not within ${seconds} s of simulated time: ${isSo}`);
  }
}

/** A value of the wire, read step by step: `at(body, 'spec', 'replicas')`. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((here, step) => (here as Record<string | number, unknown> | undefined)?.[step], value);
}

export interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  body: unknown;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** The Kubernetes API of a bed, asked as a client asks. */
export class KubernetesBed extends Bed {
  api!: KubernetesApi;

  async open(): Promise<this> {
    this.api = await serveKubernetes(this.world, 'the-token', 'the-viewers-token');
    return this;
  }

  ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Reply> {
    const { response } = this.start(path, { method, headers, body });
    return response.then(collect);
  }

  patch(path: string, body: unknown, type = 'merge-patch'): Promise<Reply> {
    return this.ask(path, { method: 'PATCH', headers: { 'content-type': `application/${type}+json` }, body });
  }

  /** A watch: what it has told so far, a line each. */
  async watch(path: string): Promise<{ lines: unknown[]; over: Promise<void>; stop(): void }> {
    const { call, response } = this.start(path, {});
    const stream = await response;
    const lines: unknown[] = [];
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) lines.push(JSON.parse(part));
    });
    stream.on('error', () => {}); // ended by the test
    const over = new Promise<void>(resolve => stream.on('close', resolve));
    return { lines, over, stop: () => call.destroy() };
  }

  start(path: string, { method = 'GET', headers = {}, body }: Ask) {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const call = secure(`${this.api.url}${path}`, {
      method,
      ca: this.api.certificate,
      agent: false,
      headers: {
        authorization: 'Bearer the-token',
        ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...headers,
      },
    });
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      call.on('response', resolve);
      call.on('error', reject);
    });
    call.end(text);
    return { call, response };
  }
}

/** The Docker API of a bed. */
export class DockerBed extends Bed {
  api!: DockerApi;

  async open(): Promise<this> {
    this.api = await serveDocker(this.world);
    return this;
  }

  async ask(path: string, { method = 'GET', body }: Ask = {}): Promise<Reply & { bytes: Buffer }> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const stream = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = plain(this.api.host.replace('tcp:', 'http:') + path, { method, agent: false }, resolve);
      call.on('error', reject);
      call.end(text);
    });
    return collect(stream);
  }
}

async function collect(stream: IncomingMessage): Promise<Reply & { bytes: Buffer }> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  const isJson = stream.headers['content-type']?.startsWith('application/json') && text.trim() !== '';
  return {
    status: stream.statusCode ?? 0,
    headers: stream.headers,
    text,
    bytes,
    body: isJson ? JSON.parse(text) : null,
  };
}
