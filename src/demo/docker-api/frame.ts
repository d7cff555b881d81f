const STREAMS = { stdout: 1, stderr: 2, daemon: 3 } as const;

/** Eight bytes (stream, three zeros, length) and the text: how the engine puts several streams into one. */
export function frame(stream: keyof typeof STREAMS, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = STREAMS[stream];
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}
