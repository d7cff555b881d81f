const NEWLINE = 0x0a;

/**
 * The complete lines of a stream of bytes, without their ends and without empty ones. What follows the last newline is
 * dropped: half a line is what a broken connection leaves. Throws when a line grows over `limit` bytes.
 */
export async function* lines(stream: AsyncIterable<Buffer>, limit = 64 * 1024 * 1024): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const rest = chunk.subarray(from, end);
      const line = size > 0 ? Buffer.concat([...begun, rest]) : rest;
      [begun, size, from] = [[], 0, end + 1];
      if (line.length > 0) yield line.toString('utf8');
    }
    if (from < chunk.length) {
      begun.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > limit) throw new Error(`a line of more than ${limit} bytes`);
    }
  }
}
