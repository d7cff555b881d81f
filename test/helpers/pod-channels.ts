import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is used of the WebSocket library that the Kubernetes client brings; it has no types here. */
interface WebSocket {
  send(data: Buffer): void;
  close(): void;
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'close', listener: () => void): void;
}
interface WebSocketServer {
  handleUpgrade(request: IncomingMessage, socket: unknown, head: Buffer, done: (socket: WebSocket) => void): void;
}
const { WebSocketServer: Sockets } = createRequire(import.meta.url)('ws') as {
  WebSocketServer: new (options: { noServer: true }) => WebSocketServer;
};

export interface PodChannels {
  kubeconfig: string;
  /** Paths with queries of all requests. */
  readonly asked: string[];
  close(): void;
}

export interface Channels {
  url: URL;
  send(channel: number, data: string | Buffer): void;
  receive(listener: (channel: number, data: Buffer) => void): void;
  closed(listener: () => void): void;
  close(): void;
}

/**
 * An API server of which only the streaming subresources of pods and a list of pods work. `open` answers a stream; a
 * number refuses it with that HTTP status, null keeps silent.
 */
export async function podChannels(
  open: (channels: Channels) => void,
  options: { refuse?: (url: URL) => number | null | undefined; pods?: unknown[] } = {},
): Promise<PodChannels> {
  const asked: string[] = [];
  const sockets = new Sockets({ noServer: true });
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: options.pods ?? [] }));
  });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '', 'http://api');
    asked.push(request.url ?? '');
    const refusal = options.refuse?.(url);
    if (refusal === null) return;
    if (refusal)
      return void socket.end(`HTTP/1.1 ${refusal} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, webSocket => {
      open({
        url,
        send: (channel, data) => webSocket.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)])),
        receive: listener => webSocket.on('message', data => listener(data[0] ?? 0, data.subarray(1))),
        closed: listener => webSocket.on('close', listener),
        close: () => webSocket.close(),
      });
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-test-kube-'));
  const kubeconfig = join(folder, 'config');
  const { port } = server.address() as AddressInfo;
  await writeFile(kubeconfig, configFor(port));
  return {
    kubeconfig,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const configFor = (port: number) => `
apiVersion: v1
kind: Config
current-context: lab
clusters: [{name: lab, cluster: {server: "http://127.0.0.1:${port}", insecure-skip-tls-verify: true}}]
contexts: [{name: lab, context: {cluster: lab, user: ops}}]
users: [{name: ops, user: {token: a-token}}]
`;
