import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

/**
 * Holds a port for a server that is not there yet, and refuses every client in PostgreSQL's protocol and words, so
 * that whoever connects reads the reason (protocol 3.0, "Message Formats": ErrorResponse, SSLRequest).
 */
export class Door {
  readonly port: number;
  /** What clients are told. */
  reason = 'the database system is starting up';
  #listener: Server | null;
  readonly #clients = new Set<Socket>();

  private constructor(port: number, listener: Server) {
    this.port = port;
    this.#listener = listener;
    this.#serve(listener);
  }

  /** On a free port of the loopback interface. */
  static async hold(): Promise<Door> {
    const listener = await listen(0);
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('the port has no number');
    return new Door(address.port, listener);
  }

  /** Gives the port free for the server. */
  async leave(): Promise<void> {
    const listener = this.#listener;
    if (!listener) return;
    this.#listener = null;
    const closed = once(listener, 'close');
    listener.close();
    for (const client of this.#clients) client.destroy();
    await closed;
  }

  /** Takes the port again. */
  async comeBack(): Promise<void> {
    if (this.#listener) return;
    this.#listener = await listen(this.port);
    this.#serve(this.#listener);
  }

  #serve(listener: Server): void {
    listener.on('connection', client => {
      this.#clients.add(client);
      client.on('error', () => {}); // the client left
      client.on('close', () => this.#clients.delete(client));
      client.on('data', data => {
        const code = data.length >= 8 ? data.readInt32BE(4) : 0;
        if (code === SSL_REQUEST || code === GSS_REQUEST) client.write('N');
        else if (code === CANCEL_REQUEST) client.end();
        else client.end(refusal(this.reason));
      });
    });
  }
}

async function listen(port: number): Promise<Server> {
  const listener = createServer();
  listener.listen(port, HOST);
  await once(listener, 'listening');
  return listener;
}

/** FATAL 57P03: cannot connect now. */
function refusal(reason: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C57P03\0M${reason}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
