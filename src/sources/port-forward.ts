import { Duplex } from 'node:stream';
import { printable } from '../model/printable.ts';
import type { Channel, PodDoor } from './kube-stream.ts';

/**
 * A connection to a port of a pod through the API server, as a stream of this process: no local port is opened. It has
 * what pg asks of a socket. Needs the right `create` on `pods/portforward`.
 *
 * Channel 0 carries the bytes, channel 1 an error text; the first message of each begins with the port's two bytes.
 */
export class PortForwardStream extends Duplex {
  readonly #door: Pick<PodDoor, 'pod' | 'open'>;
  readonly #port: number;
  #channel: Channel | null = null;

  constructor(door: Pick<PodDoor, 'pod' | 'open'>, port: number) {
    // When the pod's side ends, so does ours.
    super({ allowHalfOpen: false });
    this.#door = door;
    this.#port = port;
  }

  /** Named as a socket's, for pg; where it leads was said when it was made. */
  connect(): this {
    this.#open().then(
      () => this.emit('connect'),
      error => this.destroy(error),
    );
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  async #open(): Promise<void> {
    const begun = new Set<number>();
    const receive = (channel: number, data: Buffer) => {
      const bytes = begun.has(channel) ? data : data.subarray(2);
      begun.add(channel);
      if (bytes.length === 0) return;
      if (channel === 0 && !this.push(bytes)) this.#channel?.pause();
      else if (channel === 0) return;
      else this.destroy(new Error(printable(bytes.toString('utf8'), 400)));
    };
    const channel = await this.#door.open(await this.#door.pod(), `portforward?ports=${this.#port}`, receive);
    if (this.destroyed) {
      channel.terminate();
      throw new Error('the connection was closed');
    }
    channel.on('close', () => this.push(null));
    this.#channel = channel;
  }

  override _read(): void {
    this.#channel?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#channel) this.#channel.send(Buffer.concat([Buffer.of(0), chunk]), error => done(error));
    else done(new Error('not connected'));
  }

  override _final(done: () => void): void {
    this.#channel?.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#channel?.terminate();
    done(error);
  }
}
