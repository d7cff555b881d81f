import { once } from 'node:events';
import http, { type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import tls from 'node:tls';

/**
 * What becomes of the next write that names something. `request`: it is lost on its way; `answer`: it is taken, and what is
 * answered is lost; `end`: the same, and nothing that names it is answered any more; `refusal`: 403.
 */
export type Loss = 'request' | 'answer' | 'end' | 'refusal';

/** A port on loopback, without TLS, that hands requests on to a system as someone: it knows them, and can lose them. */
export interface Relay {
  readonly port: number;
  /** Of the next write whose path or body holds `name`; a rehearsal is none. */
  lose(what: Loss, name: string): void;
  /** All goes through again that names it. */
  mend(name: string): void;
  /** Connections are refused, and those that are there are ended. */
  shut(): Promise<void>;
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** @param to where requests go, and with which headers and certificates */
export async function relayTo(to: RequestOptions & https.AgentOptions): Promise<Relay> {
  const losses = new Map<string, Loss>();
  const lost = new Set<string>();
  const sockets = new Set<Socket>();
  const isSecure = to.protocol === 'https:';
  const agent = isSecure ? new https.Agent({ ...to, keepAlive: true }) : new http.Agent({ keepAlive: true });
  const own = { ...(to.headers as Record<string, string>), host: to.host ?? 'engine' };

  const forward = ({ method, url: path, headers }: IncomingMessage) => {
    const options = { ...to, agent, method, path, headers: { ...headers, ...own } };
    return isSecure ? https.request(options) : http.request(options);
  };

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    const body = isWrite ? Buffer.concat(await request.toArray()) : null;
    const said = `${request.url}\n${body ?? ''}`;
    if ([...lost].some(name => said.includes(name))) return void response.destroy();
    const isRehearsal = /[?&]dryRun=All/.test(said) || /selfsubjectaccessreviews/.test(said);
    const name = isWrite && !isRehearsal ? [...losses.keys()].find(each => said.includes(each)) : undefined;
    const loss = name === undefined ? undefined : losses.get(name);
    if (loss === 'request' || loss === 'refusal') losses.delete(name ?? '');
    if (loss === 'request') return void response.destroy();
    if (loss === 'refusal') {
      response.writeHead(403, { 'content-type': 'application/json' });
      return void response.end('{"message":"forbidden by the relay"}');
    }
    const call = forward(request);
    call.on('error', () => response.destroy());
    response.on('close', () => call.destroy());
    call.end(body ?? undefined);
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    // An answer that nothing was done is nothing to lose.
    if (loss === undefined || (answer.statusCode ?? 0) >= 300) {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      response.flushHeaders();
      return void pipeline(answer, response, () => {});
    }
    await answer.toArray();
    losses.delete(name ?? '');
    if (loss === 'end') lost.add(name ?? '');
    response.destroy();
  }

  const web = http.createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  // A shell, a forwarded port: what follows the head is nobody's business here.
  web.on('upgrade', ({ method, url, headers }: IncomingMessage, near: Socket, head: Buffer) => {
    const place = { ...to, ...(to.socketPath != null && { path: to.socketPath }) };
    const far = isSecure ? tls.connect(place as tls.ConnectionOptions) : connect(place as NetConnectOpts);
    const lines = Object.entries({ ...headers, ...own }).map(([name, value]) => `${name}: ${value}\r\n`);
    far.write(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    far.write(head);
    far.on('error', () => near.destroy());
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });

  const listen = async (port: number): Promise<Server> => {
    const server = createServer(socket => {
      sockets.add(socket);
      socket.on('error', () => {}); // told by its close
      socket.on('close', () => sockets.delete(socket));
      web.emit('connection', socket);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const shut = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    lose: (what, name) => void losses.set(name, what),
    mend(name) {
      losses.delete(name);
      lost.delete(name);
    },
    shut,
    async reopen() {
      server = await listen(port);
    },
    async close() {
      if (server.listening) await shut();
      agent.destroy();
    },
  };
}
