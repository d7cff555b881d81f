import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Cluster } from '../controller/kubernetes/cluster.ts';
import type { Pod } from '../controller/kubernetes/objects.ts';
import { acceptWebSocket, type WebSocketEnd } from '../web-socket.ts';
import type { World } from '../world.ts';
import { parseAddress } from './address.ts';
import { attach, checkExec, EXEC_PROTOCOLS, exec } from './exec.ts';
import { type Dial, portForward, portsOf } from './port-forward.ts';
import { type Caller, forbidden, may, wishOf } from './rights.ts';
import { ApiError, badRequest, unknownResource } from './status.ts';
import { find, isNamed } from './writes.ts';

const STREAMS: Record<string, Stream> = {
  exec: ({ cluster, pod, query, end }) => exec(cluster, pod, query, end),
  attach: ({ cluster, pod, query, end }) => attach(cluster, pod, query, end),
  portforward: ({ cluster, pod, query, end, dial }) => portForward(cluster, pod, query, end, dial),
};

type Stream = (over: { cluster: Cluster; pod: Pod; query: URLSearchParams; end: WebSocketEnd; dial: Dial }) => void;

export interface Door {
  /** Throws an ApiError for who is unknown. */
  callerOf: (request: IncomingMessage) => Caller;
  dial: Dial;
}

/** A request that is to become a web socket: it does, or is refused in HTTP. */
export function upgrade(
  world: World,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { callerOf, dial }: Door,
): void {
  try {
    world.catchUp();
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://demo');
    const caller = callerOf(request);
    const address = parseAddress(pathname);
    const wish = address && wishOf(address, request.method ?? 'GET', query);
    if (wish && !may(caller, wish)) throw forbidden(caller, wish);
    const cluster = world.cluster;
    const start = address?.resource === 'pods' ? STREAMS[address.subresource ?? ''] : undefined;
    if (!start || !address || !isNamed(address)) throw unknownResource();
    const pod = find(cluster, address) as Pod;
    checkExec(cluster, pod, query);
    if (address.subresource === 'portforward') portsOf(query);
    if (address.subresource === 'exec' && !query.has('command')) {
      throw badRequest('you must specify at least 1 command for the container');
    }
    const end = acceptWebSocket(request, socket, head, EXEC_PROTOCOLS);
    if (!end) throw badRequest(`unable to upgrade: only websocket with ${EXEC_PROTOCOLS.join(' or ')}`);
    start({ cluster, pod, query, end, dial });
  } catch (error) {
    refuse(socket, error instanceof ApiError ? error : new ApiError({ code: 500, message: String(error) }));
  }
}

function refuse(socket: Duplex, { failure: { code }, body }: ApiError): void {
  const text = JSON.stringify(body);
  socket.on('error', () => {}); // the other side has left
  socket.end(
    `HTTP/1.1 ${code} ${STATUS_CODES[code]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
