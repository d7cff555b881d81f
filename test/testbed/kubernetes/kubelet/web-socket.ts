import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { Duplex } from 'node:stream';
import { attach } from './attach.ts';
import type { Pod } from './objects.ts';
import { join } from './port-forward.ts';
import type { Question } from './server.ts';

/** What is used of the WebSocket library that the Kubernetes client brings; it has no types here. */
interface WebSocket {
  send(data: Buffer, sent?: () => void): void;
  close(): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'close' | 'error', listener: () => void): void;
}
interface WebSocketServer {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (socket: WebSocket) => void): void;
}
const { WebSocketServer: Sockets } = createRequire(import.meta.url)('ws') as {
  WebSocketServer: new (options: {
    noServer: true;
    handleProtocols(offered: Set<string>): string | false;
  }) => WebSocketServer;
};

const SPOKEN = ['v4.channel.k8s.io', 'channel.k8s.io'];
const NAMES = ['stdin', 'stdout', 'stderr', 'error', 'resize'];
const sockets = new Sockets({
  noServer: true,
  handleProtocols: offered => SPOKEN.find(each => offered.has(each)) ?? false,
});

/**
 * Older clients' WebSocket, which API servers hand on as it is: a byte with the channel's number before each message. All
 * channels are there from the beginning. Returns whether the client speaks it.
 */
export function serveWebSocket(question: Question, request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
  const offered = String(request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
  if (!SPOKEN.some(each => offered.includes(each))) return false;
  sockets.handleUpgrade(request, socket, head, webSocket => {
    webSocket.on('error', () => {});
    if (question.what === 'portForward') return forward(question, webSocket);
    const session = attach(question, () => webSocket.close());
    const channels = new Map(NAMES.map((name, number) => [number, new Channel(number, webSocket, name)]));
    listen(webSocket, channels);
    for (const channel of channels.values()) session.take({ streamtype: channel.carries }, channel);
  });
  return true;
}

/** Two channels for each port: bytes and errors; the first message of each is the port's number. */
function forward({ pod, query }: Question, webSocket: WebSocket): void {
  const ports = query
    .getAll('port')
    .concat(query.getAll('ports'))
    .flatMap(each => each.split(','))
    .map(Number);
  const channels = new Map<number, Channel>();
  listen(webSocket, channels);
  for (const [index, port] of ports.entries()) begin(pod, port, index * 2);

  function begin(of: Pod, port: number, number: number): void {
    const [data, error] = [new Channel(number, webSocket, 'data'), new Channel(number + 1, webSocket, 'error')];
    channels.set(number, data).set(number + 1, error);
    const named = Buffer.of(port & 255, port >> 8);
    data.write(named);
    error.write(named);
    join(of, port, data, why => {
      if (why) error.write(why);
      data.end(() => webSocket.close());
    });
  }
}

function listen(webSocket: WebSocket, channels: ReadonlyMap<number, Channel>): void {
  webSocket.on('message', message => channels.get(message[0] ?? 0)?.push(message.subarray(1)));
  webSocket.on('close', () => {
    for (const channel of channels.values()) channel.destroy();
  });
}

class Channel extends Duplex {
  readonly carries: string;
  readonly #number: number;
  readonly #webSocket: WebSocket;

  constructor(number: number, webSocket: WebSocket, carries: string) {
    super();
    this.carries = carries;
    this.#number = number;
    this.#webSocket = webSocket;
    this.on('error', () => {});
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#webSocket.send(Buffer.concat([Buffer.of(this.#number), chunk]), () => done());
  }
}
