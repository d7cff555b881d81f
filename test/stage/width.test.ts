import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/model/printable.ts';
import { cellWidth, fit as fitText, isDisputed, textWidth, wrap } from '../../src/stage/width.ts';
import { emulate } from './emulator.ts';

/** Text as it comes from outside: often plain, often not. */
const outside = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        'a',
        ' ',
        '日本',
        '가나',
        '🚀',
        'e\u0301',
        'กำ',
        'น้ำ',
        'न्नि',
        'ｶﾞ',
        'שָׁ',
        '\x1b[1m',
        '⚠️',
        '（',
        '\u3000',
        '½',
        'ﬁ',
      ),
      { maxLength: 12 },
    )
    .map(parts => parts.join('')),
);
const text = outside.map(raw => printable(raw));

const RED = '\x1b[31m';
const OFF = '\x1b[39m';
const strip = (styled: string) => styled.replace(/\x1b\[[\d;]*m/g, '');
/** Text in which each word may have a colour. */
const styledText = fc
  .array(fc.tuple(text, fc.boolean()), { maxLength: 6 })
  .map(parts => parts.map(([part, red]) => (red ? RED + part + OFF : part)).join(' '));

describe('the width of text', () => {
  it.each([
    ['', 0],
    ['plain', 5],
    ['Zürich', 6],
    ['e\u0301', 1],
    ['東京', 4],
    ['（ｘ）', 6],
    ['서울', 4],
    ['กรุงเทพ', 6],
    ['● ▲ ✖ ─ █ …', 11],
    ['🚀✅', 4],
    [`${RED}red${OFF}`, 3],
  ])('%j is %d', (sample, width) => {
    expect(textWidth(sample)).toBe(width);
  });

  it.each([
    ['🚀', true],
    ['✅', true],
    ['䷀', true],
    ['\u{2ebf0}', true],
    ['𠀀', false],
    ['日', false],
    ['가', false],
    ['（', false],
    ['●', false],
    ['e', false],
  ])('of %s is disputed: %s', (character, disputed) => {
    expect(isDisputed(character.codePointAt(0)!)).toBe(disputed);
  });

  it('is the sum of its characters', () => {
    fc.assert(
      fc.property(text, sample => {
        const sum = [...sample].reduce((width, one) => width + cellWidth(one.codePointAt(0)!), 0);
        expect(textWidth(sample)).toBe(sum);
      }),
    );
  });

  it('is what a terminal shows', async () => {
    const emulator = emulate(200, 2);
    await fc.assert(
      fc.asyncProperty(text, async sample => {
        await emulator.write(`\x1b[2J\x1b[H${sample}`);
        expect(emulator.terminal.buffer.active.cursorX).toBe(textWidth(sample));
      }),
      { numRuns: 500 },
    );
  });

  it('is what a terminal with the oldest table shows, but for the characters that are called disputed', async () => {
    const emulator = emulate(200, 2, '6');
    await fc.assert(
      fc.asyncProperty(text, async sample => {
        // of these some became narrow only later, and then wide again
        const since6 = (one: string) =>
          isDisputed(one.codePointAt(0)!) && !/[\u2e80-\ua4cf\u{20000}-\u{3ffff}]/u.test(one);
        const disputed = [...sample].filter(since6).length;
        await emulator.write(`\x1b[2J\x1b[H${sample}`);
        expect(emulator.terminal.buffer.active.cursorX).toBe(textWidth(sample) - disputed);
      }),
      { numRuns: 500 },
    );
  });
});

describe('fit', () => {
  it.each([
    ['pads', 'ab', 4, {}, 'ab  '],
    ['to the right', 'ab', 4, { align: 'right' }, '  ab'],
    ['in the middle', 'ab', 5, { align: 'center' }, ' ab  '],
    ['cuts', 'abcdef', 4, {}, 'abc…'],
    ['cuts without a word', 'abcdef', 4, { ellipsis: '' }, 'abcd'],
    ['cuts in ASCII', 'abcdef', 4, { ellipsis: '..' }, 'ab..'],
    ['never halves', '日本語', 4, {}, '日… '],
    ['keeps marks with their letter', 'e\u0301e\u0301e\u0301', 2, {}, 'e\u0301…'],
    ['nothing', 'abc', 0, {}, ''],
    ['less than nothing', 'abc', -3, {}, ''],
    ['one', 'abc', 1, {}, '…'],
    ['an ellipsis that does not fit', 'abc', 1, { ellipsis: '...' }, 'a'],
    ['closes styles where it cuts', `${RED}abcdef${OFF}g`, 4, {}, `${RED}abc…${OFF}`],
    ['pads outside of styles', `${RED}ab${OFF}`, 3, {}, `${RED}ab${OFF} `],
  ] as const)('%s', (_, sample, columns, options, fitted) => {
    expect(fitText(sample, columns, options)).toBe(fitted);
  });

  it('gives exactly as many columns as asked for, and begins as the text does', () => {
    fc.assert(
      fc.property(styledText, fc.nat(60), (sample, columns) => {
        const fitted = fitText(sample, columns);
        expect(textWidth(fitted)).toBe(columns);
        const kept = strip(fitted).trimEnd().replace(/…$/, '');
        expect(strip(sample).startsWith(kept)).toBe(true);
        expect(fitted.split('\x1b').length).toBe(sample.split('\x1b').length);
      }),
    );
  });
});

describe('wrap', () => {
  it.each([
    ['', 10, ['']],
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 6, ['one', 'two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['ab cdefghijk', 4, ['ab', 'cdef', 'ghij', 'k']],
    ['日本語', 3, ['日', '本', '語']],
    ['日x', 1, ['…', 'x']],
    [`a ${RED}bc de${OFF} f`, 4, [`a ${RED}bc\x1b[0m`, `${RED}de${OFF} f\x1b[0m`]],
    [`${RED}a\x1b[0m b`, 1, [`${RED}a\x1b[0m`, 'b']],
  ])('%j in %d', (sample, columns, lines) => {
    expect(wrap(sample, columns)).toEqual(lines);
  });

  it('loses nothing but blanks, and no line is too long', () => {
    fc.assert(
      fc.property(styledText, fc.integer({ min: 2, max: 40 }), (sample, columns) => {
        const lines = wrap(sample, columns);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
        const bare = (styled: string) => strip(styled).replaceAll(' ', '');
        expect(lines.map(bare).join('')).toBe(bare(sample));
      }),
    );
  });
});
