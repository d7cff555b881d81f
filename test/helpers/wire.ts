import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Wire {
  /** A copy of the kubeconfig whose server is at the other end of the wire. */
  kubeconfig: string;
  /** Connections that are open. */
  readonly open: number;
  /** Ends all connections, as something on the way does that has forgotten them. */
  cut(): void;
  close(): Promise<void>;
}

/** A wire to the API server of a kubeconfig that names one, which can be cut. TLS goes through it as it is. */
export async function wireTo(kubeconfig: string): Promise<Wire> {
  const text = readFileSync(kubeconfig, 'utf8');
  const [address = ''] = /https:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
  const there = Number(new URL(address).port);
  const sockets = new Set<Socket>();
  const server = createServer(near => {
    const far = connect(there, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {}); // told by its close
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-wire-'));
  const copy = join(folder, 'kubeconfig');
  const here = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeFile(copy, text.replace(address, here), { mode: 0o600 });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    kubeconfig: copy,
    get open() {
      return sockets.size / 2;
    },
    cut,
    async close() {
      server.close();
      cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
