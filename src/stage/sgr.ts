/**
 * Styles of cells: what SGR sequences ("Select Graphic Rendition", ECMA-48 8.3.117, with xterm's 256 and direct
 * colours) make of text, each distinct style once, known by a small number.
 */

/** 16: the terminal's own palette only. none: no colours (NO_COLOR); bold, underline and inverse stay. */
export type Colors = 'full' | '16' | 'none';

/** The style of plain text: number 0 in every table. */
export const PLAIN = 0;

const BOLD = 1;
const DIM = 2;
const ITALIC = 4;
const UNDERLINE = 8;
const INVERSE = 16;
const STRIKE = 32;
/** The sequences that switch each on and off; 22 ends bold and dim together. */
const ATTRIBUTES: [bit: number, on: number, off: number][] = [
  [BOLD, 1, 22],
  [DIM, 2, 22],
  [ITALIC, 3, 23],
  [UNDERLINE, 4, 24],
  [INVERSE, 7, 27],
  [STRIKE, 9, 29],
];
/** These show on a blank. */
const MARKS_BLANKS = UNDERLINE | INVERSE | STRIKE;

/** 0 is the terminal's default, 1 to 256 the palette's 0 to 255, the rest RGB with this bit. */
type Color = number;
const DIRECT = 0x1000000;

interface Style {
  fg: Color;
  bg: Color;
  attributes: number;
}

/** Styles come from our own theme, never from outside: a table stays small and is never emptied. */
export class Styles {
  readonly #colors: Colors;
  readonly #styles: Style[] = [];
  readonly #ids = new Map<string, number>();
  readonly #applied: Map<string, number>[] = [];
  readonly #blanks: number[] = [];
  readonly #changes = new Map<number, string>();

  constructor(colors: Colors) {
    this.#colors = colors;
    this.#id({ fg: 0, bg: 0, attributes: 0 });
  }

  /** The style after one sequence; `parameters` is what stands between `CSI` and `m`. */
  apply(style: number, parameters: string): number {
    const applied = this.#applied[style]!;
    let next = applied.get(parameters);
    if (next === undefined) {
      next = this.#id(afterSgr(this.#styles[style]!, parameters, this.#colors));
      applied.set(parameters, next);
    }
    return next;
  }

  /** The style of a blank that looks the same: without what only shows on ink. */
  blank(style: number): number {
    let blank = this.#blanks[style];
    if (blank === undefined) {
      blank = this.#id(onBlank(this.#styles[style]!));
      this.#blanks[style] = blank;
    }
    return blank;
  }

  /** The shortest sequence from one style to another; from null when it is not known what the terminal has. */
  change(from: number | null, to: number): string {
    if (from === to) return '';
    const key = ((from ?? -1) + 1) * 0x10000 + to;
    let sequence = this.#changes.get(key);
    if (sequence === undefined) {
      sequence = transition(from === null ? null : this.#styles[from]!, this.#styles[to]!);
      this.#changes.set(key, sequence);
    }
    return sequence;
  }

  #id(style: Style): number {
    const key = `${style.fg} ${style.bg} ${style.attributes}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#styles.push(style) - 1;
      this.#ids.set(key, id);
      this.#applied.push(new Map());
    }
    return id;
  }
}

function afterSgr(style: Style, parameters: string, colors: Colors): Style {
  const next = { ...style };
  const codes = parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!;
    if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes, at + 1);
      at += used;
      if (color !== null) next[code === 38 ? 'fg' : 'bg'] = reduce(color, colors);
    } else if (code === 0) Object.assign(next, { fg: 0, bg: 0, attributes: 0 });
    else if (code === 39) next.fg = 0;
    else if (code === 49) next.bg = 0;
    else if (code >= 30 && code <= 37) next.fg = reduce(code - 29, colors);
    else if (code >= 40 && code <= 47) next.bg = reduce(code - 39, colors);
    else if (code >= 90 && code <= 97) next.fg = reduce(code - 81, colors);
    else if (code >= 100 && code <= 107) next.bg = reduce(code - 91, colors);
    else {
      for (const [bit, on, off] of ATTRIBUTES) {
        if (code === on) next.attributes |= bit;
        else if (code === off) next.attributes &= ~bit;
      }
    }
  }
  return next;
}

/** The colour after a 38 or 48, and how many parameters it takes; null when it is none that we know. */
function extendedColor(codes: number[], at: number): [Color | null, number] {
  const [kind, ...levels] = codes.slice(at, at + 4);
  if (kind !== 5 && kind !== 2) return [null, codes.length];
  const [r = 256, g = 256, b = 256] = levels;
  if (kind === 5) return [r < 256 ? r + 1 : null, 2];
  return [r < 256 && g < 256 && b < 256 ? DIRECT | (r << 16) | (g << 8) | b : null, 4];
}

function reduce(color: Color, colors: Colors): Color {
  if (colors === 'none') return 0;
  return colors === '16' && color > 16 ? nearest(rgb(color)) : color;
}

/** xterm's defaults for the first 16, as red, green, blue. */
const PALETTE = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
  0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];

/** The colour as 0xrrggbb. From 16 on the palette is a cube of 6 × 6 × 6 colours and then 24 greys (xterm, 256colres.h). */
function rgb(color: Color): number {
  if (color >= DIRECT) return color - DIRECT;
  const index = color - 1;
  if (index < 16) return PALETTE[index]!;
  if (index >= 232) return (8 + 10 * (index - 232)) * 0x010101;
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  return (level(Math.floor(cube / 36)) << 16) | (level(Math.floor(cube / 6) % 6) << 8) | level(cube % 6);
}

function nearest(wanted: number): Color {
  const distances = PALETTE.map(candidate =>
    [16, 8, 0].reduce((sum, shift) => sum + (((candidate >> shift) & 255) - ((wanted >> shift) & 255)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances)) + 1;
}

function onBlank({ fg, bg, attributes }: Style): Style {
  return attributes & MARKS_BLANKS ? { fg, bg, attributes } : { fg: 0, bg, attributes: 0 };
}

function transition(from: Style | null, to: Style): string {
  const anew = ['0', ...switches(0, to.attributes), ...colorCodes({ fg: 0, bg: 0 }, to)].join(';');
  const whole = anew === '0' ? '\x1b[m' : `\x1b[${anew}m`;
  if (!from) return whole;
  const step = `\x1b[${[...switches(from.attributes, to.attributes), ...colorCodes(from, to)].join(';')}m`;
  return step.length < whole.length ? step : whole;
}

function switches(from: number, to: number): string[] {
  const codes = new Set<number>();
  let now = from;
  for (const [bit, , off] of ATTRIBUTES) {
    if (now & bit && !(to & bit)) {
      codes.add(off);
      if (off === 22) now &= ~(BOLD | DIM);
    }
  }
  for (const [bit, on] of ATTRIBUTES) if (to & bit && !(now & bit)) codes.add(on);
  return [...codes].map(String);
}

function colorCodes(from: { fg: Color; bg: Color }, to: { fg: Color; bg: Color }): string[] {
  return [...(from.fg === to.fg ? [] : [colorCode(to.fg, 30)]), ...(from.bg === to.bg ? [] : [colorCode(to.bg, 40)])];
}

/** `base` is 30 for ink and 40 for the ground. */
function colorCode(color: Color, base: 30 | 40): string {
  if (color === 0) return String(base + 9);
  if (color <= 8) return String(base + color - 1);
  if (color <= 16) return String(base + 60 + color - 9);
  if (color < DIRECT) return `${base + 8};5;${color - 1}`;
  return `${base + 8};2;${(color >> 16) & 255};${(color >> 8) & 255};${color & 255}`;
}
