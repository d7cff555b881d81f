import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Painter } from '../../src/stage/painter.ts';
import { wholeRows } from '../helpers/pictures.ts';
import type { ShownCell } from './emulator.ts';
import { leastBytes } from './least-bytes.ts';
import { type Look, type Piece, toCells, toText } from './screens.ts';

const COLUMNS = 200;
const ROWS = 50;
const PLAIN: Look = { fg: '', bg: '', flags: [] };
const look = (fg: string, ...flags: string[]): Look => ({ fg, bg: '', flags });
const pieces = (text: string, style = PLAIN): Piece[] => [...text].map(glyph => ({ glyph, width: 1, style }));

/** A board as the program has it: two columns of panes with borders, coloured states, bars, numbers. */
function board(state: { cpu: number[]; first: number; cursor: number; clock: string }): Piece[][] {
  const side = COLUMNS / 2;
  const row = (index: number): Piece[] => {
    const cpu = state.cpu[index % state.cpu.length]!;
    const bad = cpu > 90;
    const style = index === state.cursor ? look('', 'inverse') : PLAIN;
    const bar = '█'.repeat(cpu / 10).padEnd(10, '·');
    return [
      ...pieces('│', look('p8')),
      ...pieces(bad ? '✖ ' : '● ', look(bad ? 'p1' : 'p2')),
      ...pieces(`pod-${state.first + index}-7f9c`.padEnd(40), style),
      ...pieces(bar, look(bad ? 'p1' : 'p6')),
      ...pieces(` ${String(cpu).padStart(3)} %`.padEnd(side - 54), style),
      ...pieces('│', look('p8')),
    ];
  };
  const edge = [...pieces(`┌${'─'.repeat(side - 2)}┐`, look('p8')), ...pieces(`┌${'─'.repeat(side - 2)}┐`, look('p8'))];
  const header = [...pieces(' saasodoo · production', look('', 'bold')), ...pieces('  3 bad '), ...pieces(state.clock)];
  return [header, edge, ...Array.from({ length: ROWS - 2 }, (_, at) => [...row(at), ...row(at + ROWS)])];
}

const start = { cpu: Array.from({ length: 100 }, (_, at) => (at * 37) % 100), first: 100, cursor: 3, clock: '14:03' };
const opened = () => {
  const painter = new Painter(COLUMNS, ROWS, 'full');
  painter.paint(wholeRows(board(start).map(toText)));
  return painter;
};

describe('bytes', () => {
  it('one changed number on a 200×50 screen costs at most 40', () => {
    const painter = opened();
    const cpu = start.cpu.with(60, 7).with(10, 99);
    painter.paint(wholeRows(board({ ...start, cpu }).map(toText)));
    for (const clock of ['14:04', '15:00']) {
      const written = painter.paint(wholeRows(board({ ...start, cpu, clock }).map(toText)));
      expect(Buffer.byteLength(written)).toBeGreaterThan(0);
      expect(Buffer.byteLength(written)).toBeLessThanOrEqual(15);
    }
    const coloured = painter.paint(wholeRows(board({ ...start, cpu: cpu.with(60, 8), clock: '15:00' }).map(toText)));
    expect(Buffer.byteLength(coloured)).toBeLessThanOrEqual(40);
  });

  it('an equal screen costs nothing, in whatever codes', () => {
    const painter = opened();
    expect(painter.paint(wholeRows(board(start).map(toText)))).toBe('');
    expect(painter.paint(wholeRows(board(start).map(row => `${toText(row)}\x1b[31m\x1b[39m   `)))).toBe('');
  });

  it('one place is written without the frame of a synchronized update, several with', () => {
    const painter = opened();
    expect(painter.paint(wholeRows(board({ ...start, clock: '14:04' }).map(toText)))).not.toContain('?2026');
    const two = painter.paint(wholeRows(board({ ...start, cursor: 30 }).map(toText)));
    expect(two).toMatch(/^\x1b\[\?2026h.*\x1b\[\?2026l$/s);
  });

  it.each([
    ['one cell', 'abcdef', 'abXdef', '§1;3H§mX'],
    ['the first cell', 'abcdef', 'Xbcdef', '§H§mX'],
    ['a gap that is shorter than a move', 'abcdef', 'XbcXef', '§H§mXbcX'],
    ['a gap that is longer', 'abcdefghijkl', 'XbcdefghijkX', '§?2026h§H§mX§12GX§?2026l'],
    ['a gap in other styles', 'ab\x1b[31mc\x1b[mdef', 'Xb\x1b[31mc\x1b[mXef', '§?2026h§H§mX§4GX§?2026l'],
    ['blanks in any ink', '\x1b[31mab cd', '\x1b[31mXb Xd', '§H§0;31mXb X'],
    ['the next row', 'abc\ndef', 'abX\nXef', '§?2026h§1;3H§mX\r\nX§?2026l'],
    ['the same column below', 'abc\nd\nefg', 'aXc\nd\neXg', '§?2026h§1;2H§mX§3;2HX§?2026l'],
    ['the next column below', 'abc\ndefg', 'aXc\ndeXg', '§?2026h§1;2H§mX§BX§?2026l'],
    ['the rest erased', 'abcdef', 'ab', '§1;3H§m§K'],
    ['less than it takes to erase', 'abcd', 'ab', '§1;3H§m  '],
    ['a wide character', 'abcdef', 'ab日ef', '§1;3H§m日'],
    ['half of a wide one', '日本', 'a本', '§H§ma本 '],
    ['a disputed one: blanks first, then the next place told', 'abcdef', 'a🚀Xef', '§?2026h§1;2H§m  §2G🚀§4GX§?2026l'],
    ['a mark', 'cafe', 'café', '§1;4H§mé'],
    [
      'the last column and the next row',
      'a'.repeat(COLUMNS),
      `${'a'.repeat(COLUMNS - 1)}X\nY`,
      '§?2026h§1;200H§mX\r\nY§?2026l',
    ],
  ])('%s', (_, before, after, written) => {
    const painter = new Painter(COLUMNS, 4, 'full');
    painter.paint(wholeRows(before.split('\n')));
    expect(painter.paint(wholeRows(after.split('\n'))).replaceAll('\x1b[', '§')).toBe(written);
  });

  it('a row that became empty is erased, not overwritten', () => {
    const painter = opened();
    const rows = board(start).map(toText);
    expect(Buffer.byteLength(painter.paint(wholeRows(rows.with(20, ''))))).toBeLessThanOrEqual(12);
  });

  it('a session costs no more than 1.15 times what its changed cells cost', () => {
    fc.assert(
      fc.property(fc.array(stepOf, { minLength: 20, maxLength: 40 }), steps => {
        const painter = opened();
        let state = start;
        let shown = cellsOf(board(start));
        let bytes = 0;
        let least = 0;
        for (const step of steps) {
          state = step(state);
          const rows = board(state);
          const cells = cellsOf(rows);
          bytes += Buffer.byteLength(painter.paint(wholeRows(rows.map(toText))));
          least += leastBytes(shown, cells);
          shown = cells;
        }
        expect(bytes).toBeLessThanOrEqual(1.15 * least);
      }),
      { numRuns: 10 },
    );
  });
});

type State = typeof start;

/** A moment of a session: metrics change, the list moves, the cursor moves, a minute passes. */
const stepOf: fc.Arbitrary<(state: State) => State> = fc.oneof(
  {
    arbitrary: fc
      .array(fc.tuple(fc.nat(99), fc.nat(100)), { minLength: 1, maxLength: 30 })
      .map(changes => (state: State) => ({
        ...state,
        cpu: changes.reduce((cpu, [at, value]) => cpu.with(at, value), state.cpu),
      })),
    weight: 6,
  },
  { arbitrary: fc.constant((state: State) => ({ ...state, first: state.first + 1 })), weight: 1 },
  { arbitrary: fc.nat(99).map(cursor => (state: State) => ({ ...state, cursor })), weight: 3 },
  {
    arbitrary: fc.integer({ min: 10, max: 59 }).map(minute => (state: State) => ({ ...state, clock: `14:${minute}` })),
    weight: 1,
  },
);

const cellsOf = (rows: Piece[][]): ShownCell[][] => rows.map(row => toCells(row, COLUMNS));
