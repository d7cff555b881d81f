import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy on loopback: `tunnels` counts the ways that it made. */
export interface Proxy {
  readonly url: string;
  readonly tunnels: number;
  /** To which hosts. */
  readonly hosts: readonly string[];
  /** Ends all that goes through it. */
  close(): Promise<void>;
}

/**
 * One that makes tunnels for CONNECT, to ports on loopback; another status than 200 is what it answers instead. The first
 * that ask are left without an answer.
 */
export async function connectProxy({ status = 200, silent = 0 } = {}): Promise<Proxy> {
  const server = http.createServer();
  const proxy = await listening(server, 'http://ops:hunter2@');
  let asked = 0;
  server.on('connect', ({ url }, socket, head) => {
    if (asked++ < silent) return;
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const [host = '', port] = url?.split(':') ?? [];
    const way = proxy.tunnel(Number(port), socket as Socket, host);
    way.write(head);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  });
  return proxy;
}

/** One that speaks SOCKS 5 (RFC 1928), without a password, and leads to this machine whatever it is asked for: an `ssh -D`. */
export async function socksProxy(): Promise<Proxy> {
  const server = createServer(async socket => {
    await once(socket, 'data');
    socket.write(Buffer.from([5, 0]));
    const [asked] = (await once(socket, 'data')) as [Buffer];
    socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
    const isName = asked[3] === 3;
    const host = isName ? asked.toString('utf8', 5, asked.length - 2) : asked.subarray(4, 8).join('.');
    proxy.tunnel(asked.readUInt16BE(asked.length - 2), socket, host);
  });
  const proxy = await listening(server, 'socks5://');
  return proxy;
}

async function listening(server: Server, scheme: string) {
  const sockets = new Set<Socket>();
  const hosts: string[] = [];
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${scheme}127.0.0.1:${(server.address() as AddressInfo).port}`,
    hosts,
    get tunnels() {
      return hosts.length;
    },
    tunnel(port: number, socket: Socket, host: string): Socket {
      hosts.push(host);
      const way = connect(port, '127.0.0.1');
      way.on('error', () => socket.destroy());
      way.on('close', () => socket.destroy());
      socket.on('close', () => way.destroy());
      way.pipe(socket).pipe(way);
      return way;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
