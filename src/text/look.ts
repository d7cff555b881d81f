import type { Health } from '../model/entity.ts';
import type { Phase } from '../sources/source.ts';

/** A tone is a meaning; the terminal's own palette gives it its colour. Colour is never the only sign. */
export type Tone = Health | 'title' | 'dim' | 'link' | 'focus' | 'cursor' | 'demo';

const SGR: Record<Tone, [on: number[], off: number[]]> = {
  ok: [[32], [39]],
  busy: [[36], [39]],
  warn: [[33], [39]],
  bad: [[31], [39]],
  off: [[90], [39]],
  unknown: [[35], [39]],
  title: [[1], [22]],
  dim: [[90], [39]],
  link: [[36], [39]],
  focus: [
    [1, 36],
    [22, 39],
  ],
  cursor: [[7], [27]],
  demo: [
    [30, 43],
    [39, 49],
  ],
};

const sgr = (codes: number[]) => `\x1b[${codes.join(';')}m`;

export function paint(tone: Tone | undefined | null, text: string): string {
  if (!tone || text === '') return text;
  const [on, off] = SGR[tone];
  return `${sgr(on)}${text}${sgr(off)}`;
}

const MARKS: Record<Health, [full: string, ascii: string]> = {
  ok: ['●', 'o'],
  warn: ['▲', '^'],
  bad: ['✖', 'x'],
  off: ['○', '-'],
  busy: ['◍', 'b'],
  unknown: ['◌', '?'],
};

export function mark(health: Health, ascii: boolean): string {
  return MARKS[health][ascii ? 1 : 0];
}

export function staleMark(ascii: boolean): string {
  return ascii ? '~' : '◐';
}

/** The mark of a source, and the tone that goes with it. */
export function phaseMark(phase: Phase, ascii: boolean): { mark: string; tone: Tone } {
  switch (phase) {
    case 'live':
      return { mark: mark('ok', ascii), tone: 'ok' };
    case 'connecting':
      return { mark: mark('busy', ascii), tone: 'busy' };
    case 'stale':
      return { mark: staleMark(ascii), tone: 'warn' };
    case 'refused':
      return { mark: mark('bad', ascii), tone: 'bad' };
    case 'unset':
    case 'off':
      return { mark: mark('off', ascii), tone: 'off' };
  }
}

/** Our own signs for those who have ASCII only; text from outside is left as it is. */
export function plain(text: string, ascii: boolean): string {
  return ascii ? text.replace(/[·–×…→↵▸≥↓↑’±]/g, sign => ASCII_SIGNS[sign] ?? sign) : text;
}
const ASCII_SIGNS: Readonly<Record<string, string>> = {
  '·': '.',
  '–': '-',
  '×': 'x',
  '…': '~',
  '→': '>',
  '↵': 'Enter',
  '▸': '>',
  '≥': '>',
  '↓': 'v',
  '±': '+-',
  '↑': '^',
  '’': "'",
};
