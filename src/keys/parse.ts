/** What Ink tells of a key beside its text. */
export interface KeyFlags {
  upArrow: boolean;
  downArrow: boolean;
  leftArrow: boolean;
  rightArrow: boolean;
  pageUp: boolean;
  pageDown: boolean;
  home: boolean;
  end: boolean;
  return: boolean;
  escape: boolean;
  tab: boolean;
  backspace: boolean;
  delete: boolean;
  ctrl: boolean;
  shift: boolean;
  meta: boolean;
}

/**
 * The keys in one event of Ink, by their names in the key table. Several keys that came in one read ("jjj", "ry") come
 * as one text: each is told on its own.
 */
export function keysOf(input: string, flags: KeyFlags): string[] {
  const named = nameOf(flags);
  if (named) return [flags.shift && named === 'Tab' ? 'Shift+Tab' : named];
  if (flags.ctrl) return [`Ctrl+${input === ' ' || input === '`' ? 'Space' : input}`];
  return [...input].flatMap(character => nameOfCharacter(character));
}

function nameOf(flags: KeyFlags): string | null {
  if (flags.upArrow) return 'Up';
  if (flags.downArrow) return 'Down';
  if (flags.leftArrow) return 'Left';
  if (flags.rightArrow) return 'Right';
  if (flags.pageUp) return 'PageUp';
  if (flags.pageDown) return 'PageDown';
  if (flags.home) return 'Home';
  if (flags.end) return 'End';
  if (flags.return) return 'Enter';
  if (flags.escape) return 'Esc';
  if (flags.tab) return 'Tab';
  if (flags.backspace || flags.delete) return 'Backspace';
  return null;
}

function nameOfCharacter(character: string): string[] {
  if (character === ' ') return ['Space'];
  if (character === '\r' || character === '\n') return ['Enter'];
  if (character === '\t') return ['Tab'];
  if (character === '\x7f' || character === '\b') return ['Backspace'];
  if (character === '\x1b') return ['Esc'];
  const code = character.charCodeAt(0);
  if (code < 0x20) return [`Ctrl+${String.fromCharCode(code + 0x60)}`];
  // C1: no key sends these, and a terminal may obey them.
  if (code >= 0x80 && code < 0xa0) return [];
  return [character];
}
