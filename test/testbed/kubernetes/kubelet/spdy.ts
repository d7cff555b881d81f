import { Duplex } from 'node:stream';
import { createInflate, type Inflate } from 'node:zlib';
import { DICTIONARY } from './spdy-dictionary.ts';

const [SYN_STREAM, SYN_REPLY, RST_STREAM, PING] = [1, 2, 3, 6];
const FIN = 1;
/** Frames of data are cut to this. */
const MOST = 32 * 1024;

/** One of the streams of a connection; the client opens them all. Its headers say what it carries. */
export class SpdyStream extends Duplex {
  readonly headers: Readonly<Record<string, string>>;
  readonly #send: (data: Buffer, flags: number, done?: () => void) => void;

  constructor(headers: Record<string, string>, send: (data: Buffer, flags: number, done?: () => void) => void) {
    super({ allowHalfOpen: true });
    this.headers = headers;
    this.#send = send;
    this.on('error', () => {});
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    for (let at = 0; at < chunk.length; at += MOST) {
      const isLast = at + MOST >= chunk.length;
      this.#send(chunk.subarray(at, at + MOST), 0, isLast ? done : undefined);
    }
    if (chunk.length === 0) done();
  }

  override _final(done: () => void): void {
    this.#send(Buffer.alloc(0), FIN, done);
  }
}

/**
 * The server's side of SPDY/3.1 as API servers and kubectl speak it (moby/spdystream): streams that the client opens,
 * no flow control, no priorities. Ends when the connection does.
 */
export async function serveSpdy(socket: Duplex, head: Buffer, opened: (stream: SpdyStream) => void): Promise<void> {
  const streams = new Map<number, SpdyStream>();
  const inflate = createInflate({ dictionary: DICTIONARY });
  let replies = 0;
  let rest = head;
  socket.on('error', () => {});
  try {
    await takeFrames();
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
      await takeFrames();
    }
  } catch {
    // The other side has left; told to the streams below.
  }
  for (const stream of streams.values()) stream.destroy();
  inflate.close();

  async function takeFrames(): Promise<void> {
    while (rest.length >= 8) {
      const length = rest.readUIntBE(5, 3);
      if (rest.length < 8 + length) return;
      const frame = rest.subarray(0, 8 + length);
      rest = rest.subarray(8 + length);
      await take(frame);
    }
  }

  async function take(frame: Buffer): Promise<void> {
    const body = frame.subarray(8);
    const isEnd = (frame[4] ?? 0) & FIN;
    if (((frame[0] ?? 0) & 0x80) === 0) {
      const stream = streams.get(frame.readUInt32BE(0));
      if (stream && body.length) stream.push(body);
      if (stream && isEnd) stream.push(null);
      return;
    }
    const type = frame.readUInt16BE(2);
    if (type === PING) socket.write(frame);
    if (type === RST_STREAM) streams.get(body.readUInt32BE(0))?.destroy();
    if (type !== SYN_STREAM) return;
    const id = body.readUInt32BE(0) & 0x7fffffff;
    const stream = new SpdyStream(headersOf(await inflated(inflate, body.subarray(10))), (data, flags, done) => {
      const front = Buffer.alloc(8);
      front.writeUInt32BE(id, 0);
      front.writeUInt32BE(((flags << 24) | data.length) >>> 0, 4);
      if (socket.writable) socket.write(Buffer.concat([front, data]), () => done?.());
      else done?.();
    });
    streams.set(id, stream);
    socket.write(replyTo(id, replies++ === 0));
    if (isEnd) stream.push(null);
    opened(stream);
  }
}

/** Each block of headers goes on with the dictionary of those before it. */
async function inflated(inflate: Inflate, block: Buffer): Promise<Buffer> {
  await new Promise<void>((resolve, reject) => {
    inflate.once('error', reject);
    inflate.write(block, () => {
      inflate.off('error', reject);
      resolve();
    });
  });
  return (inflate.read() as Buffer | null) ?? Buffer.alloc(0);
}

function headersOf(block: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  let at = 4;
  const text = () => {
    const length = block.readUInt32BE(at);
    at += 4 + length;
    return block.subarray(at - length, at).toString();
  };
  for (let left = block.readUInt32BE(0); left > 0; left -= 1) {
    const name = text();
    headers[name] = text();
  }
  return headers;
}

/**
 * SYN_REPLY without headers: their number, 0, as a stored block, then an empty one, at which readers hand out what they
 * have (RFC 1951, 3.2.4). The first begins the zlib stream (RFC 1950).
 */
function replyTo(id: number, isFirst: boolean): Buffer {
  const begin = isFirst ? Buffer.from('78bbe3c6a7c2', 'hex') : Buffer.alloc(0);
  const block = Buffer.from('000400fbff00000000000000ffff', 'hex');
  const front = Buffer.alloc(12);
  front.writeUInt32BE((0x80030000 | SYN_REPLY) >>> 0, 0);
  front.writeUInt32BE(4 + begin.length + block.length, 4);
  front.writeUInt32BE(id, 8);
  return Buffer.concat([front, begin, block]);
}
