import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/model/printable.ts';

describe('printable', () => {
  it.each([
    ['plain text stays', 'web-1 Running', 'web-1 Running'],
    [
      'letters of the world stay',
      'Zürich łódź Ελλάδα Москва 東京 서울 กรุงเทพ בַּיִת',
      'Zürich łódź Ελλάδα Москва 東京 서울 กรุงเทพ בַּיִת',
    ],
    ['emoji stay', '🚀 ✅', '🚀 ✅'],
    ['escape sequences are shown', '\x1b[31mred\x1b[0m', '␛[31mred␛[0m'],
    ['so are their 8-bit forms', 'a\x9b2Jb', 'a\\u009b2Jb'],
    ['line ends', 'a\r\nb\rc\td\x7f', 'a␊b␍c␉d␡'],
    ['direction', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
    ['what is invisible', 'a\u200b\u00ad\ufeff\u2060b', 'a\\u200b\\u00ad\\ufeff\\u2060b'],
    ['joiners and selectors', '👩\u200d🚀 ⚠\ufe0f', '👩\\u200d🚀 ⚠\\ufe0f'],
    ['flags and skin tones', '🇪🇸 👍🏽', '\\u{1f1ea}\\u{1f1f8} 👍\\u{1f3fd}'],
    ['lone surrogates', 'a\ud800b', 'a�b'],
    ['private and unassigned characters', '\ue000\u{e0001}\u0378', '\\ue000\\u{e0001}\\u0378'],
    ['all blanks are one kind, but for the wide one', 'a\u00a0b\u2003c\u3000d', 'a b c\u3000d'],
    ['a mark with nothing to stand on', '\u0301a', '\\u0301a'],
    ['a tower of marks', `e${'\u0301'.repeat(6)}`, `e${'\u0301'.repeat(4)}\\u0301\\u0301`],
    ['marks that terminals count differently', 'क\u094dष x\u1abf', 'क\\u094dष x\\u1abf'],
    ['letters that join their neighbour', '\u0d4eക \u1100\u1161 ｶﾞ', '\\u0d4eക \\u1100\\u1161 ｶ\\uff9e'],
    [
      'scripts and characters that are too new or too far',
      '𐍈 \u{11380} ␧ \u{1cc00}',
      '\\u{10348} \\u{11380} \\u2427 \\u{1cc00}',
    ],
    ['ideographs and mathematical letters stay', '𠀀 𝐀', '𠀀 𝐀'],
    ['Thai and Lao AM in their two signs', 'น้ำ ນ້ຳ', 'น้ํา ນ້ໍາ'],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('cuts what is too long', () => {
    expect(printable('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(printable('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(printable('😀'.repeat(10), 10)).toBe('😀😀😀😀�…');
  });

  it('lets nothing through that moves a terminal, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u);
        expect(printable(shown)).toBe(shown);
      }),
      { numRuns: 500 },
    );
  });

  it('lets only marks through that even the width table of Unicode 6 has as 0', () => {
    const terminal = new Terminal({ cols: 10, rows: 1, allowProposedApi: true });
    expect(terminal.unicode.activeVersion).toBe('6');
    const marks = [...everyCharacter()].filter(mark => /\p{M}/u.test(mark) && printable(`a${mark}`) === `a${mark}`);
    expect(marks.length).toBeGreaterThan(200);
    expect(marks).toContain('\u0301');
    const widths = terminal as unknown as { _core: { unicodeService: { wcwidth(codePoint: number): number } } };
    expect(marks.filter(mark => widths._core.unicodeService.wcwidth(mark.codePointAt(0)!) !== 0)).toEqual([]);
  });

  it('lets no two letters through that Unicode folds into one cluster', () => {
    const segmenter = new Intl.Segmenter();
    const letters = [...everyCharacter()].filter(one => !/\p{M}/u.test(one) && printable(one) === one);
    const folds = (text: string, clusters: number) => [...segmenter.segment(text)].length !== clusters;
    const folded: string[] = [];
    // as neighbours a Latin letter, and one of each kind that Unicode joins with others
    for (const other of ['a', '가', 'ക', '🚀']) {
      for (let from = 0; from < letters.length; from += 1_000) {
        const some = letters.slice(from, from + 1_000);
        if (folds(some.map(one => other + one).join(''), 2 * some.length)) {
          folded.push(...some.filter(one => folds(other + one + other, 3)));
        }
      }
    }
    expect(folded).toEqual([]);
  });
});

function* everyCharacter(): Generator<string> {
  for (let code = 0xa0; code < 0x110000; code++) {
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
  }
}
