import { StringDecoder } from 'node:string_decoder';

export interface Frame {
  error: boolean;
  text: string;
}

const HEADER = 8;
/** A line that does not end is given out in pieces of this many characters. */
const LONGEST = 64 * 1024;

/**
 * Lines out of the engine's stream of frames: a byte for the stream (1 out, 2 err), three of zero, four for the length,
 * then the payload (moby, pkg/stdcopy). A container with a terminal sends no frames but its bytes: told by the first
 * bytes, which no text has. A line may stand in several frames, and several lines in one.
 */
export class LogFrames {
  #bytes: Buffer = Buffer.alloc(0);
  #raw: boolean | null = null;
  readonly #streams = [new Lines(), new Lines()];

  /** The lines that are whole now. */
  *take(chunk: Buffer): Generator<Frame> {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.#raw === null) {
      if (this.#bytes.length < 4) return;
      this.#raw = !isHeader(this.#bytes);
    }
    if (this.#raw) {
      yield* this.#lines(0, this.#bytes);
      this.#bytes = Buffer.alloc(0);
      return;
    }
    let at = 0;
    while (this.#bytes.length - at >= HEADER) {
      const size = this.#bytes.readUInt32BE(at + 4);
      if (this.#bytes.length - at - HEADER < size) break;
      yield* this.#lines(this.#bytes[at] === 2 ? 1 : 0, this.#bytes.subarray(at + HEADER, at + HEADER + size));
      at += HEADER + size;
    }
    this.#bytes = this.#bytes.subarray(at);
  }

  *#lines(stream: 0 | 1, bytes: Buffer): Generator<Frame> {
    for (const text of this.#streams[stream]!.take(bytes)) yield { error: stream === 1, text };
  }
}

function isHeader(bytes: Buffer): boolean {
  return bytes[0]! <= 2 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0;
}

/** Whole lines of one stream; a character may be cut in two by a frame's end. */
class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #begun = '';

  *take(bytes: Buffer): Generator<string> {
    const lines = `${this.#begun}${this.#decoder.write(bytes)}`.split('\n');
    this.#begun = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    if (this.#begun.length < LONGEST) return;
    yield this.#begun;
    this.#begun = '';
  }
}
