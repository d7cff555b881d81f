/**
 * What the stage changes in the terminal, and how it changes it back: DEC private modes as xterm has them
 * (ctlseqs: 1049 alternate screen, 25 cursor, 7 automatic wrap, 2004 bracketed paste, 1000/1002/1006 mouse).
 */

/** Presses, releases and the wheel; movement while a button is down; coordinates without a limit. */
const MOUSE_ON = '\x1b[?1000h\x1b[?1002h\x1b[?1006h';
const MOUSE_OFF = '\x1b[?1006l\x1b[?1002l\x1b[?1000l';

/** Takes the terminal: a blank alternate screen, with our modes. */
export function enter(mouse: boolean): string {
  return `\x1b[?1049h${modes(mouse)}\x1b[m\x1b[2J`;
}

/** Without automatic wrap the last column can be written like any other, and nothing ever scrolls. */
export function modes(mouse: boolean): string {
  return `\x1b[?25l\x1b[?7l\x1b[?2004h${mouseMode(mouse)}`;
}

export function mouseMode(on: boolean): string {
  return on ? MOUSE_ON : MOUSE_OFF;
}

/** Gives it back. Begins with what ends a frame that was cut off in the middle. */
export const LEAVE = `\x1b[?2026l\x1b[m${MOUSE_OFF}\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l`;

/**
 * What a guest may have left behind when it was cut off: another character set, application keys, a scroll region, the
 * alternate screen, mouse and paste modes, colours (ctlseqs: DECSTR is `CSI ! p`; 1049 would move the cursor where there
 * was no such screen, 1047 does not).
 */
export const AFTER_GUEST = `\x1b[?2026l${MOUSE_OFF}\x1b[?1003l\x1b[?1004l\x1b[?2004l\x1b[?1047l\x1b[!p\x1b(B\x0f\x1b[?1l\x1b>\x1b[m\x1b[?7h\x1b[?25h`;
