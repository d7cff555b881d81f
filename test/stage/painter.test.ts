import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Painter } from '../../src/stage/painter.ts';
import { wholeRows } from '../helpers/pictures.ts';
import { type Emulator, emulate, type ShownCell, type Table } from './emulator.ts';
import { DISPUTED, type Piece, rowOf, toCells, toText } from './screens.ts';

const SIZES: [columns: number, rows: number][] = [
  [1, 1],
  [2, 3],
  [3, 1],
  [20, 5],
  [80, 24],
  [81, 7],
];

/** A session: a first screen, then steps that change some rows, scroll, or resize. */
type Step =
  | { kind: 'rows'; changes: { row: number; pieces: Piece[] }[] }
  | { kind: 'cell'; row: number; at: number; glyph: string }
  | { kind: 'scroll' }
  | { kind: 'forget' }
  | { kind: 'resize'; columns: number; rows: number };

/** As the stage leaves the terminal: the alternate screen, erased, no automatic wrap. */
const ENTERED = '\x1b[?1049h\x1b[?7l\x1b[2J';

const sizeOf = fc.oneof(
  fc.constantFrom(...SIZES),
  fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 12 })),
);

const stepOf: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('rows' as const),
      changes: fc.array(fc.record({ row: fc.nat(23), pieces: rowOf(40) }), { minLength: 1, maxLength: 4 }),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('cell' as const),
      row: fc.nat(23),
      at: fc.nat(60),
      glyph: fc.constantFrom('x', ' ', '日', '🚀', 'e\u0301', '─'),
    }),
    weight: 5,
  },
  { arbitrary: fc.constant({ kind: 'scroll' as const }), weight: 1 },
  { arbitrary: fc.constant({ kind: 'forget' as const }), weight: 1 },
  {
    arbitrary: sizeOf.map(([columns, rows]) => ({ kind: 'resize' as const, columns, rows })),
    weight: 1,
  },
);

const session = fc.record({
  size: sizeOf,
  first: fc.array(rowOf(60), { maxLength: 24 }),
  steps: fc.array(stepOf, { minLength: 1, maxLength: 8 }),
});

/** Runs a session and hands each state to `check`. */
async function play(
  { size, first, steps }: { size: [number, number]; first: Piece[][]; steps: Step[] },
  table: Table,
  check: (shown: ShownCell[][], wanted: ShownCell[][]) => void,
): Promise<void> {
  const emulator = emulate(...size, table);
  await emulator.write(ENTERED);
  const painter = new Painter(...size, 'full');
  let rows = first;
  for (const step of [null, ...steps]) {
    if (step) rows = take(step, rows, painter, emulator);
    await emulator.write(painter.paint(wholeRows(rows.map(toText))));
    check(...screens(emulator, painter, rows));
    expect(painter.paint(wholeRows(rows.map(toText))), 'an equal frame').toBe('');
  }
  emulator.terminal.dispose();
}

/** The screen as it is and as it must be. xterm has at least two columns, whatever it is told. */
function screens(
  { cells }: Emulator,
  { columns, rows: height }: Painter,
  rows: Piece[][],
): [ShownCell[][], ShownCell[][]] {
  return [
    cells().map(row => row.slice(0, columns)),
    Array.from({ length: height }, (_, y) => toCells(rows[y] ?? [], columns)),
  ];
}

function take(step: Step, rows: Piece[][], painter: Painter, { terminal }: Emulator): Piece[][] {
  const next = rows.map(row => [...row]);
  const rowAt = (index: number) => {
    while (next.length <= index) next.push([]);
    return next[index]!;
  };
  if (step.kind === 'rows') for (const { row, pieces } of step.changes) rowAt(row).splice(0, Infinity, ...pieces);
  else if (step.kind === 'cell') {
    const row = rowAt(step.row);
    const style = row[step.at]?.style ?? { fg: '', bg: '', flags: [] };
    const width = step.glyph === '日' || step.glyph === '🚀' ? 2 : 1;
    while (row.length < step.at) row.push({ glyph: '·', width: 1, style });
    row[step.at] = { glyph: step.glyph, width, style };
  } else if (step.kind === 'scroll') next.shift();
  else if (step.kind === 'forget') painter.forget();
  else {
    terminal.resize(step.columns, step.rows);
    painter.resize(step.columns, step.rows);
  }
  return next;
}

describe('painter', () => {
  it('makes the terminal show each frame, cell by cell, with colours, wide and combining characters', async () => {
    await fc.assert(
      fc.asyncProperty(session, async played => {
        await play(played, 'modern', (shown, wanted) => expect(shown).toEqual(wanted));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps everything else in its place where the terminal holds emoji to be narrow', async () => {
    await fc.assert(
      fc.asyncProperty(session, async played => {
        await play(played, '6', (shown, wanted) => {
          for (const [y, row] of wanted.entries()) {
            for (const [x, cell] of row.entries()) {
              const { chars, width } = shown[y]![x]!;
              const lead = cell.width === 0 ? row[x - 1]! : cell;
              if (!DISPUTED.includes(lead.chars)) expect(shown[y]![x], `${y};${x}`).toEqual(cell);
              else expect({ chars, width }).toEqual({ chars: cell.width === 0 ? ' ' : cell.chars, width: 1 });
            }
          }
        });
      }),
      { numRuns: 100 },
    );
  });

  it('draws 300 by 80, then each of many other sizes', async () => {
    const emulator = emulate(300, 80);
    await emulator.write(ENTERED);
    const painter = new Painter(300, 80, 'full');
    const rows = fc.sample(rowOf(300), { numRuns: 80, seed: 7 });
    for (const [columns, height] of [
      [300, 80],
      [1, 1],
      [200, 50],
      [7, 80],
      [300, 2],
      [80, 24],
      [300, 80],
    ] as const) {
      emulator.terminal.resize(columns, height);
      painter.resize(columns, height);
      await emulator.write(painter.paint(wholeRows(rows.map(toText))));
      const [shown, wanted] = screens(emulator, painter, rows);
      expect(shown).toEqual(wanted);
    }
  });

  it('forgets characters with marks before they become too many, and goes on', async () => {
    const emulator = emulate(100, 50);
    await emulator.write(ENTERED);
    const painter = new Painter(100, 50, 'full');
    /** 5,000 clusters that no other page has. */
    const page = (number: number) =>
      Array.from({ length: 50 }, (_, row) =>
        Array.from({ length: 100 }, (_, column) => {
          const base = String.fromCharCode(0x61 + (row % 26));
          return `${base}${String.fromCharCode(0x300 + (column % 64), 0x300 + number, 0x300 + Math.floor(column / 64) + (row >> 4))}`;
        }).join(''),
      );
    for (let number = 0; number < 8; number++) {
      const rows = page(number);
      await emulator.write(painter.paint(wholeRows(rows)));
      expect(emulator.lines()).toEqual(rows);
    }
  });
});
