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
  // a letter that goes before another (Unicode's Prepend), conjoining Hangul, halfwidth voicing marks
  '\\u0d4e\\u1100-\\u11ff\\ua960-\\ua97c\\ud7b0-\\ud7fb\\uff9e\\uff9f' +
  // ambiguous characters that old tables had as wide, and one that they had as a mark; letters of flags; skin tones
  '\\u06de\\u3248-\\u324f\\u{1f93b}\\u{1f946}\\u{1f1e6}-\\u{1f1ff}\\u{1f3fb}-\\u{1f3ff}' +
  // narrow ones since Unicode 15.1: unknown to the libc of today's servers, and tmux leaves out what that does not know
  '\\u088f\\u0c5c\\u0cdc\\u1b4e\\u1b4f\\u1b7f\\u1c89\\u1c8a\\u20c1\\u2427-\\u2429\\u2b96\\ua7cb-\\ua7cf\\ua7d2\\ua7d4' +
  '\\ua7da-\\ua7dc\\ua7f1\\ufbc3-\\ufbd2\\ufd90\\ufd91\\ufdc8-\\ufdce\\u{1f774}-\\u{1f77f}\\u{1f7d9}' +
  '\\u{1f8b2}-\\u{1f8bb}\\u{1f8c0}\\u{1f8c1}\\u{1f8d0}-\\u{1f8d8}\\u{1fa54}-\\u{1fa57}';
/** Beyond the first 65,536 only ideographs, mathematical letters and pictographs: other scripts are new to many tables. */
const FAR = '[\\u{10000}-\\u{10ffff}]--[\\u{1d400}-\\u{1d7ff}\\u{1f000}-\\u{1faff}\\u{20000}-\\u{3ffff}]';
/** Characters that are shown as an escape: they steer, hide, reorder or have no agreed width. */
const UNSAFE = new RegExp(
  `[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}${UNSETTLED}[\\p{M}--[${SETTLED_MARK}]][${FAR}]]`,
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
