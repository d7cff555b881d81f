import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lines } from '../../../src/sources/kubernetes/lines.ts';

async function* chunked(bytes: Buffer, cuts: number[]): AsyncGenerator<Buffer> {
  const at = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...at, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

test('gives complete lines, however the bytes were cut, and drops half a line at the end', async () => {
  const text = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\r\n', '', 'ü€😀')), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat()), async (parts, cuts) => {
      const bytes = Buffer.from(parts.join(''));
      const expected = bytes.toString('utf8').split('\n').slice(0, -1);
      const found = await Array.fromAsync(lines(chunked(bytes, cuts)));
      expect(found).toEqual(expected.filter(line => line !== ''));
    }),
  );
});

test('refuses a line without an end', async () => {
  const endless = async function* () {
    for (;;) yield Buffer.alloc(1024, 'x');
  };
  await expect(Array.fromAsync(lines(endless(), 10_000))).rejects.toThrow('a line of more than 10000 bytes');
});
