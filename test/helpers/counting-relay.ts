import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A port on loopback that hands all bytes on, and counts what is asked and answered. */
export interface CountingRelay {
  readonly port: number;
  /** Requests of HTTP so far: their methods and paths, with queries. */
  readonly asked: readonly string[];
  /** Bytes that were answered, heads among them. */
  readonly bytes: number;
  close(): Promise<void>;
}

/** The first line of a request; what is asked here fits into one chunk. */
const REQUEST = /^(?:GET|HEAD|POST|PUT|DELETE) (?=\S+ HTTP\/1\.1\r$)\S+/gm;

export async function countingRelay(host: string, port: number): Promise<CountingRelay> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let bytes = 0;
  const server = createServer(near => {
    const far = connect({ host, port });
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one);
      one.on('error', () => {}); // told by its close
      one.on('close', () => other.destroy());
      one.on('close', () => sockets.delete(one));
    }
    near.on('data', chunk => asked.push(...(chunk.toString('latin1').match(REQUEST) ?? [])));
    far.on('data', chunk => {
      bytes += chunk.length;
    });
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    get bytes() {
      return bytes;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
