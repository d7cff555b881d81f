import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { attach } from './attach.ts';
import { logs } from './logs.ts';
import type { Pod } from './objects.ts';
import type { Pods } from './pods.ts';
import { forwardPort } from './port-forward.ts';
import { serveSpdy } from './spdy.ts';
import { serveWebSocket } from './web-socket.ts';

/** What an API server asks of a kubelet. */
export interface Question {
  /** `exec`, `attach`, `portForward`. */
  what: string;
  pod: Pod;
  query: URLSearchParams;
}

/** Serves the questions that are asked through an API server; whoever else comes has no certificate for it. */
export function serveKubelet(pods: Pods, tls: { cert: Buffer; key: Buffer; ca: Buffer }, port: number): void {
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, answer);
  server.on('upgrade', upgrade);
  server.listen(port, '127.0.0.1');

  function answer({ url = '/' }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'https://kubelet');
    const [, what, namespace = '', name = '', container = ''] = pathname.split('/').map(decodeURIComponent);
    const pod = pods.get(namespace, name);
    if (what === 'containerLogs' && pod) return logs(pod, container, searchParams, response);
    response.writeHead(404).end(`there is no ${pathname} here\n`);
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://kubelet');
    const [, what = '', namespace = '', name = ''] = pathname.split('/').map(decodeURIComponent);
    const pod = pods.get(namespace, name);
    if (!pod) return refuse(socket, 404, `there is no pod ${namespace}/${name} here`);
    const question = { what, pod, query };
    if (/^spdy\/3\.1$/i.test(request.headers.upgrade ?? '')) spdy(question, request, socket, head);
    else if (!serveWebSocket(question, request, socket, head)) refuse(socket, 400, 'no protocol that is spoken here');
  }
}

/** The versions of the streaming protocols that API servers offer over SPDY. */
const SPOKEN = ['v4.channel.k8s.io', 'portforward.k8s.io'];

function spdy(question: Question, { headers }: IncomingMessage, socket: Duplex, head: Buffer): void {
  const offered = String(headers['x-stream-protocol-version'] ?? '').split(/,\s*/);
  const protocol = SPOKEN.find(each => offered.includes(each));
  if (!protocol) return refuse(socket, 403, `none of ${offered} is spoken here`);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
  const isForward = question.what === 'portForward';
  const session = isForward ? forwardPort(question) : attach(question, () => socket.end());
  void serveSpdy(socket, head, stream => session.take(stream.headers, stream));
}

function refuse(socket: Duplex, code: number, why: string): void {
  socket.end(
    `HTTP/1.1 ${code} Refused\r\nContent-Type: text/plain\r\nContent-Length: ${why.length}\r\nConnection: close\r\n\r\n${why}`,
  );
}
