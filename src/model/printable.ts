/**
 * The door for text from outside. What has passed cannot drive a terminal, cannot reorder what stands beside it, and
 * has one width on which terminals agree (but for what src/stage/width.ts calls disputed).
 */

/**
 * Combining marks that every width table since Unicode 6 counts as 0 and that never join two letters into one: Latin,
 * Greek and Cyrillic accents, Hebrew, Arabic, Thai, Lao, Japanese voicing. On other marks terminals differ.
 */
const SETTLED_MARK =
  '\\u0300-\\u036f\\u0483-\\u0486\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u0615\\u064b-\\u065e' +
  '\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u0e31\\u0e34-\\u0e3a\\u0e47-\\u0e4e' +
  '\\u0eb1\\u0eb4-\\u0eb9\\u0ebb\\u0ebc\\u0ec8-\\u0ecd\\u20d0-\\u20dc\\u302a-\\u302d\\u3099\\u309a\\ufe20-\\ufe23';
/** Neither marks nor invisible, and yet drawn as 1 by some terminals and as 0, 2, or as part of a neighbour by others. */
const UNSETTLED =
  // letters that go before another (Unicode's Prepend), conjoining Hangul and Kirat Rai, halfwidth voicing marks
  '\\u0d4e\\u{111c2}\\u{111c3}\\u{113d1}\\u{1193f}\\u{11941}\\u{11a3a}\\u{11a84}-\\u{11a89}\\u{11d46}\\u{11f02}' +
  '\\u1100-\\u11ff\\ua960-\\ua97c\\ud7b0-\\ud7fb\\u{16d63}\\u{16d67}-\\u{16d6a}\\uff9e\\uff9f' +
  // ambiguous characters that old tables had as wide, and one that they had as a mark; letters of flags; skin tones
  '\\u06de\\u3248-\\u324f\\u{1f93b}\\u{1f946}\\u{1f1e6}-\\u{1f1ff}\\u{1f3fb}-\\u{1f3ff}';
/** Characters that are shown as an escape: they steer, hide, reorder or have no agreed width. */
const UNSAFE = new RegExp(
  `[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}${UNSETTLED}[\\p{M}--[${SETTLED_MARK}]]]`,
  'gv',
);
/** A mark with nothing to stand on joins the frame or the column before it; a tower of them covers the rows above. */
const STRAY_MARK = /^\p{M}|(?<=\p{M}{4})\p{M}/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Text made printable: control characters as their pictures (`␛`, `␊`), bidirectional, invisible and unassigned ones as
 * `\u202e`. At most `limit` UTF-16 units are kept, the rest becomes `…`.
 */
export function printable(text: string, limit = 4096): string {
  const kept = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  if (PLAIN.test(kept)) return kept;
  return (
    kept
      .toWellFormed()
      .replace(/\r\n/g, '\n')
      // Thai and Lao AM, which some fold into the letter before it: the same two signs, one of them a plain mark
      .replace(/[\u0e33\u0eb3]/g, vowel => vowel.normalize('NFKD'))
      .replace(UNSAFE, shown)
      .replace(/\p{Zs}/gu, space => (space === '\u3000' ? space : ' '))
      .replace(STRAY_MARK, shown)
  );
}

function shown(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
