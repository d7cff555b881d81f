/**
 * The door for text from outside. What has passed cannot drive a terminal, cannot reorder what stands beside it, and
 * has one width on which terminals agree.
 */

/** Characters that are shown as an escape: they steer, hide, reorder or have no agreed width. */
const UNSAFE =
  /\p{Cc}|\p{Cf}|\p{Cn}|\p{Co}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Mc}|\p{Default_Ignorable_Code_Point}|[\u1160-\u11ff]|[\ud7b0-\ud7fb]|\u20e3|[\u{1f1e6}-\u{1f1ff}]|[\u{1f3fb}-\u{1f3ff}]/gu;
/** A combining mark with nothing to stand on would join the frame or the column before it. */
const LEADING_MARK = /^\p{M}/u;
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Text made printable: control characters as their pictures (`␛`, `␊`), bidirectional, invisible and unassigned ones as
 * `\u202e`. At most `limit` UTF-16 units are kept, the rest becomes `…`.
 */
export function printable(text: string, limit = 4096): string {
  const kept = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  if (PLAIN.test(kept)) return kept;
  return kept
    .toWellFormed()
    .replace(/\r\n/g, '\n')
    .replace(UNSAFE, shown)
    .replace(/\p{Zs}/gu, space => (space === '\u3000' ? space : ' '))
    .replace(LEADING_MARK, shown);
}

function shown(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
