import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, LogFrames } from '../../../src/sources/swarm/log-frames.ts';

function frame({ error, text }: Frame): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.from([error ? 2 : 1, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

/** The bytes in pieces, cut at these places. */
function pieces(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

const read = (chunks: Buffer[]) => {
  const frames = new LogFrames();
  return chunks.flatMap(chunk => [...frames.take(chunk)]);
};

const line = fc.record({
  error: fc.boolean(),
  text: fc.string({ unit: 'grapheme' }).map(text => text.replace(/[\r\n]/g, '')),
});

describe('the engine’s frames', () => {
  it('give the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
        const bytes = Buffer.concat(lines.map(({ error, text }) => frame({ error, text: `${text}\n` })));
        expect(read(pieces(bytes, cuts))).toEqual(lines);
      }),
    );
  });

  it('of one line in several frames make one line, out and err apart', () => {
    const parts = [
      { error: false, text: 'half ' },
      { error: true, text: 'oops\n' },
      { error: false, text: 'a line\nand two\n' },
    ];
    expect(read(parts.map(frame))).toEqual([
      { error: true, text: 'oops' },
      { error: false, text: 'half a line' },
      { error: false, text: 'and two' },
    ]);
  });

  it('are not looked for where a terminal writes plain bytes', () => {
    expect(read([Buffer.from('plain\r\ntext\n')]).map(({ text }) => text)).toEqual(['plain', 'text']);
  });

  it('give out a line that does not end in pieces, and keep nothing of it', () => {
    const endless = Buffer.alloc(200_000, 'x');
    const got = read([frame({ error: false, text: endless.toString() })]);
    expect(got.length).toBeGreaterThan(0);
    expect(got.map(({ text }) => text).join('').length).toBeGreaterThan(130_000);
  });
});
