import { type IncomingMessage, type RequestOptions, request } from 'node:http';

/** What an engine said, asked without the product's own clients. */
export interface Said {
  status: number;
  /** The answer's JSON, or its text when it is none. */
  body: unknown;
}

/** An engine's API, for what tests do to a swarm and ask of it. */
export interface EngineApi {
  ask(method: string, path: string, body?: object): Promise<Said>;
  /** The JSON of a GET. Throws what the engine said when it is not 200. */
  get<T>(path: string): Promise<T>;
  /** Follows a stream; the text that came so far, frames and all, and the way to stop. */
  follow(path: string): Promise<{ text(): string; ended(): boolean; stop(): void }>;
}

/** `host` as DOCKER_HOST has it: unix:///path or tcp://host:port without TLS. */
export function engineApi(host: string): EngineApi {
  const { protocol, hostname, port, pathname } = new URL(host);
  const where: RequestOptions = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };

  function send(method: string, path: string, body?: object): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const call = request({ ...where, method, path: `/v1.41${path}`, headers, agent: false }, resolve);
      call.on('error', reject);
      call.end(body && JSON.stringify(body));
    });
  }

  async function ask(method: string, path: string, body?: object): Promise<Said> {
    const response = await send(method, path, body);
    const text = (await response.toArray()).join('').trim();
    const isJson = response.headers['content-type']?.startsWith('application/json');
    return { status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text };
  }

  return {
    ask,
    async get<T>(path: string) {
      const { status, body } = await ask('GET', path);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
      return body as T;
    },
    async follow(path) {
      const response = await send('GET', path);
      let text = '';
      let ended = false;
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      response.on('error', () => {});
      response.on('close', () => {
        ended = true;
      });
      return { text: () => text, ended: () => ended, stop: () => response.destroy() };
    },
  };
}
