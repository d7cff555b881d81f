import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { Transform } from 'node:stream';
import type { Cluster } from '../controller/kubernetes/cluster.ts';
import type { Pod } from '../controller/kubernetes/objects.ts';
import { HOST } from '../gate.ts';
import type { WebSocketEnd } from '../web-socket.ts';
import { badRequest } from './status.ts';

/** The port on loopback where something real stands behind a pod's port; null where nothing does. */
export type Dial = (pod: Pod, port: number) => number | null;

/** The ports that `/portforward` is asked for. Throws an ApiError. */
export function portsOf(query: URLSearchParams): number[] {
  const ports = query.getAll('ports').flatMap(each => each.split(',').map(Number));
  if (ports.length === 0) throw badRequest('query parameter "port" is required');
  const wrong = ports.find(each => !Number.isInteger(each) || each < 1 || each > 65_535);
  if (wrong !== undefined) throw badRequest(`unable to parse "${wrong}" as a port`);
  return ports;
}

/** Two channels for each port, data and errors; the first message of each is the port, lowest byte first. */
export function portForward(
  cluster: Cluster,
  pod: Pod,
  query: URLSearchParams,
  socket: WebSocketEnd,
  dial: Dial,
): void {
  const ports = portsOf(query);
  const ways = ports.map((port, index) => {
    const send = (channel: number, bytes: Buffer) => socket.send(Buffer.concat([Buffer.from([channel]), bytes]));
    const named = Buffer.alloc(2);
    named.writeUInt16LE(port);
    const [data, error] = [2 * index, 2 * index + 1];
    send(data, named);
    send(error, named);
    const way = open(pod, port, dial);
    const refuse = () => {
      const why = `failed to connect to localhost:${port} inside namespace, IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`;
      send(error, Buffer.from(`error forwarding port ${port} to pod ${pod.metadata.uid}, uid : ${why}`));
    };
    if (!way) refuse();
    way?.on('data', (bytes: Buffer) => send(data, bytes));
    way?.on('error', refuse);
    way?.on('close', () => socket.close());
    return way;
  });
  socket.onMessage(message => {
    const way = ways[Math.floor((message[0] ?? 0) / 2)];
    if ((message[0] ?? 0) % 2 === 0) way?.write(message.subarray(1));
  });
  const stop = cluster.store.onChange(({ type, object }) => {
    if (type === 'DELETED' && object.metadata.uid === pod.metadata.uid) socket.close();
  });
  socket.onEnd(() => {
    stop();
    for (const way of ways) way?.destroy();
  });
}

function open(pod: Pod, port: number, dial: Dial): Duplex | null {
  const real = dial(pod, port);
  if (real !== null) return connect(real, HOST);
  const isListening = pod.spec.containers.some(({ ports }) => ports?.some(each => each.containerPort === port));
  return isListening ? healthy(pod) : null;
}

/** Answers whatever is asked in HTTP as the platform's services answer `/health`. */
function healthy({ metadata }: Pod): Duplex {
  const service = metadata.labels?.['app.kubernetes.io/name'] ?? metadata.labels?.app ?? metadata.name;
  let asked = '';
  const answer = JSON.stringify({ status: 'healthy', service });
  const reply = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`;
  return new Transform({
    transform(chunk, _, done) {
      asked += chunk;
      for (let end = asked.indexOf('\r\n\r\n'); end >= 0; end = asked.indexOf('\r\n\r\n')) {
        asked = asked.slice(end + 4);
        this.push(reply);
      }
      done();
    },
  });
}
