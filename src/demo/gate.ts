import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export const HOST = '127.0.0.1';

/**
 * The door of a server on loopback, and what can go wrong with it: frozen (connections are accepted by the kernel and
 * nothing is ever answered, as after SIGSTOP) or gone (connections are refused, as after SIGKILL). The port stays.
 */
export class Gate {
  readonly #server: HttpServer;
  readonly #sockets = new Set<Socket>();
  readonly #held: Socket[] = [];
  #listener: Server;
  #thawed: PromiseWithResolvers<void> | null = null;
  #port = 0;

  constructor(server: HttpServer) {
    this.#server = server;
    this.#listener = this.#listen();
  }

  get port(): number {
    return this.#port;
  }

  get frozen(): boolean {
    return this.#thawed !== null;
  }

  async open(port = 0): Promise<void> {
    this.#listener.listen(port, HOST);
    await once(this.#listener, 'listening');
    this.#port = (this.#listener.address() as AddressInfo).port;
  }

  /** Resolves at once, or when the server is thawed: whoever answers or sends waits here first. */
  passage(): Promise<void> {
    return this.#thawed?.promise ?? Promise.resolve();
  }

  freeze(): void {
    this.#thawed ??= Promise.withResolvers();
  }

  thaw(): void {
    const thawed = this.#thawed;
    this.#thawed = null;
    thawed?.resolve();
    for (const socket of this.#held.splice(0)) this.#server.emit('connection', socket);
  }

  /** Refuses connections from now on, and ends those that are there. */
  async shut(): Promise<void> {
    const closed = this.#listener.listening ? once(this.#listener, 'close') : null;
    if (closed) this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** After `shut`: takes connections again, on the same port. */
  async reopen(): Promise<void> {
    this.#listener = this.#listen();
    await this.open(this.#port);
  }

  #listen(): Server {
    return createServer(socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {}); // the other side has left
      if (this.frozen) this.#held.push(socket);
      else this.#server.emit('connection', socket);
    });
  }
}
