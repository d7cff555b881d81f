import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MouseEvent, takeMouse } from '../../src/keys/mouse.ts';
import { type KeyFlags, keysOf } from '../../src/keys/parse.ts';

const ESC = '\x1b';
const place = fc.integer({ min: 1, max: 999 });
const report = fc
  .tuple(fc.constantFrom(0, 1, 2, 32, 64, 65), place, place, fc.constantFrom('M', 'm'))
  .map(([button, column, row, end]) => `${ESC}[<${button};${column};${row}${end}`);
const key = fc.constantFrom('j', 'k', 'G', '[', '<', '0', ';', 'M', '日', '\r', `${ESC}[A`, `${ESC}[5~`, `${ESC}OP`);

/** Takes what comes in these reads, as the terminal's input does. */
function takeAll(reads: readonly string[]): { events: MouseEvent[]; rest: string } {
  const events: MouseEvent[] = [];
  let [rest, begun] = ['', ''];
  for (const read of reads) {
    const taken = takeMouse(begun + read);
    events.push(...taken.events);
    rest += taken.rest;
    begun = taken.begun;
  }
  return { events, rest: rest + begun };
}

/** The text in pieces that begin at these places. */
function split(text: string, at: readonly number[]): string[] {
  const places = [0, ...[...new Set(at.map(one => one % (text.length + 1)))].sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, index) => text.slice(places[index], end));
}

test('reports give the same however their bytes are split into reads, and keys stay what they are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(report, key), { maxLength: 12 }),
      fc.array(fc.nat(300), { maxLength: 8 }),
      (parts, at) => {
        const text = parts.join('');
        const whole = takeAll([text]);
        expect(takeAll(split(text, at))).toEqual(whole);
        expect(whole.rest).toBe(parts.filter(part => !part.startsWith(`${ESC}[<`)).join(''));
        for (const { column, row } of whole.events) {
          expect(column).toBeGreaterThanOrEqual(0);
          expect(row).toBeGreaterThanOrEqual(0);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test('of a report whose Esc was given away before the rest came, the rest is no text', () => {
  fc.assert(
    fc.property(report, fc.integer({ min: 3, max: 5 }), (text, at) => {
      const { events, rest } = takeAll([text.slice(1, at), text.slice(at)]);
      expect(events).toEqual(takeAll([text]).events);
      expect(rest).toBe('');
    }),
  );
});

test('any text is keys with names that control nothing, the same in one read and in several', () => {
  const none = {} as KeyFlags;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { maxLength: 5 }), texts => {
      const names = keysOf(texts.join(''), none);
      expect(names).toEqual(texts.flatMap(text => keysOf(text, none)));
      for (const name of names) expect(name).toMatch(/^\P{Cc}+$/u);
    }),
    { numRuns: 1_000 },
  );
});
