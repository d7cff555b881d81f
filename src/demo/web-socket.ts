import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The server's end of a web socket (RFC 6455): whole messages in and out. */
export interface WebSocketEnd {
  readonly protocol: string;
  send(message: Buffer): void;
  close(code?: number): void;
  onMessage(take: (message: Buffer) => void): void;
  onEnd(stop: () => void): void;
}

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const [CONTINUED, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];
const MOST_BYTES = 16 * 2 ** 20;

/** Takes the upgrade with the first protocol that both sides know; null when that is none, or it is no web socket. */
export function acceptWebSocket(
  { headers }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  known: readonly string[],
): WebSocketEnd | null {
  const key = headers['sec-websocket-key'];
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map(each => each.trim());
  const protocol = offered.find(each => known.includes(each));
  if (headers.upgrade?.toLowerCase() !== 'websocket' || !key || !protocol) return null;
  const accept = createHash('sha1').update(`${key}${MAGIC}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  const stops = new Set<() => void>();
  let take: (message: Buffer) => void = () => {};
  let waiting = head;
  let parts: Buffer[] = [];
  const receive = (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let frame = frameIn(waiting); frame; frame = frameIn(waiting)) {
      waiting = waiting.subarray(frame.bytes);
      if (frame.bytes > MOST_BYTES) socket.destroy();
      else if (frame.type === CLOSE) socket.end(frameOf(CLOSE, frame.payload));
      else if (frame.type === PING) socket.write(frameOf(PONG, frame.payload));
      else if (frame.type === CONTINUED || frame.type === TEXT || frame.type === BINARY) {
        parts.push(frame.payload);
        if (!frame.isLast) continue;
        const message = Buffer.concat(parts);
        parts = [];
        take(message);
      }
    }
  };
  socket.on('data', receive);
  socket.on('error', () => {}); // the other side has left
  socket.on('close', () => {
    for (const stop of stops) stop();
    stops.clear();
  });
  return {
    protocol,
    send: message => void socket.write(frameOf(BINARY, message)),
    close(code = 1000) {
      const reason = Buffer.alloc(2);
      reason.writeUInt16BE(code);
      socket.end(frameOf(CLOSE, reason));
    },
    onMessage(next) {
      take = next;
      if (waiting.length) receive(Buffer.alloc(0));
    },
    onEnd: stop => void stops.add(stop),
  };
}

interface Frame {
  type: number;
  isLast: boolean;
  payload: Buffer;
  /** Of the whole frame. */
  bytes: number;
}

/** The first frame of what has come; null while it is not whole. Clients mask what they send. */
function frameIn(buffer: Buffer): Frame | null {
  const [first, second] = buffer;
  if (first === undefined || second === undefined) return null;
  const short = second & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extra + (second & 0x80 ? 4 : 0);
  if (buffer.length < start) return null;
  const length = extra === 2 ? buffer.readUInt16BE(2) : extra === 8 ? Number(buffer.readBigUInt64BE(2)) : short;
  if (buffer.length < start + length) return null;
  const payload = Buffer.from(buffer.subarray(start, start + length));
  if (second & 0x80) {
    const mask = buffer.subarray(start - 4, start);
    for (let index = 0; index < payload.length; index += 1) {
      payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
    }
  }
  return { type: first & 0x0f, isLast: (first & 0x80) !== 0, payload, bytes: start + length };
}

function frameOf(type: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | type;
  if (length < 126) head[1] = length;
  else if (length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}
