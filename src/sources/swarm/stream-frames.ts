const HEADER = 8;

/**
 * Takes the frames of a command without a terminal apart: a byte for the stream (1 out, 2 err), three of zero, four for
 * the length, then the payload (moby, pkg/stdcopy).
 */
export class StreamFrames {
  readonly #out: (data: Buffer, from: 'stdout' | 'stderr') => void;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(out: (data: Buffer, from: 'stdout' | 'stderr') => void) {
    this.#out = out;
  }

  take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= HEADER) {
      const end = HEADER + this.#bytes.readUInt32BE(4);
      if (this.#bytes.length < end) return;
      this.#out(this.#bytes.subarray(HEADER, end), this.#bytes[0] === 2 ? 'stderr' : 'stdout');
      this.#bytes = this.#bytes.subarray(end);
    }
  }
}
