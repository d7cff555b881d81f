import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { Box, type Instance, render, Text, Transform, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { Stage } from '../../src/stage/stage.ts';
import { fit as fitText } from '../../src/stage/width.ts';
import { type Emulator, emulate, type ShownCell, seen } from './emulator.ts';
import { FakeOut } from './fake-out.ts';
import { type Piece, rowOf, toCells, toText } from './screens.ts';

interface Pane {
  left: number;
  top: number;
  width: number;
  height: number;
  rows: Piece[][];
}

/** Three panes side by side and below each other, filled with anything. */
function panesOf(columns: number, rows: number, seed: number): Pane[] {
  const half = Math.floor(columns / 2);
  const upper = Math.floor(rows / 2);
  const rectangles = [
    { left: 0, top: 0, width: half, height: upper },
    { left: half, top: 0, width: columns - half, height: upper },
    { left: 0, top: upper, width: columns, height: rows - upper },
  ];
  return rectangles.map((rectangle, at) => ({
    ...rectangle,
    rows: fc
      .sample(rowOf(rectangle.width), { numRuns: rectangle.height, seed: seed + at })
      .map(row => whatFits(row, rectangle.width)),
  }));
}

function whatFits(row: Piece[], columns: number): Piece[] {
  let room = columns;
  return row.filter(({ width }) => {
    room -= width;
    return room >= 0;
  });
}

const linesOf = ({ rows, width }: Pane) => rows.map(row => fitText(toText(row), width));

/** The two ways to hand rows that are cut to width to Ink. */
const idioms: Record<string, (lines: string[]) => ReactNode> = {
  'a Text for each row': lines =>
    lines.map((line, row) => (
      <Text key={row} wrap="truncate">
        {line}
      </Text>
    )),
  'a Transform for the pane': lines => (
    <Transform transform={(_, row) => lines[row] ?? ''}>
      <Text>{'\n'.repeat(lines.length - 1) || ' '}</Text>
    </Transform>
  ),
};

function Panes({ panes, content }: { panes: Pane[]; content: (lines: string[]) => ReactNode }) {
  const { columns, rows } = useWindowSize();
  return (
    <Box width={columns} height={rows}>
      {panes.map((pane, key) => (
        <Box
          key={key}
          position="absolute"
          left={pane.left}
          top={pane.top}
          width={pane.width}
          height={pane.height}
          flexDirection="column"
        >
          {content(linesOf(pane))}
        </Box>
      ))}
    </Box>
  );
}

const wantedCells = (panes: Pane[], columns: number, rows: number) =>
  Array.from({ length: rows }, (_, y) =>
    panes
      .filter(({ top, height }) => y >= top && y < top + height)
      .flatMap(pane => toCells(pane.rows[y - pane.top]!, pane.width))
      .slice(0, columns),
  );

/** Ink cuts a wide blank at the end of a row like any other blank: what is seen of it are two blanks. */
const asSeen = (rows: ShownCell[][]) =>
  rows.map(row =>
    row.map((cell, x) => {
      const isWideBlank = cell.chars === '\u3000' || (cell.width === 0 && row[x - 1]?.chars === '\u3000');
      return isWideBlank ? seen({ ...cell, chars: ' ', width: 1 }) : cell;
    }),
  );

/** A program on a stage in an emulated terminal. */
function show(node: ReactNode, columns: number, rows: number) {
  const out = new FakeOut(columns, rows);
  const emulator = emulate(columns, rows);
  out.onWrite = text => void emulator.write(text);
  const stage = new Stage({ out, colors: 'full' });
  stage.open();
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input, ref() {}, unref() {} });
  const app = render(node, {
    stdout: stage.inkStdout,
    stdin: input as unknown as NodeJS.ReadStream,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  running.push(app);
  const resize = (width: number, height: number) => {
    emulator.terminal.resize(width, height);
    out.resize(width, height);
  };
  return { out, emulator, stage, app, type: (keys: string) => input.write(keys), resize };
}

const running: Instance[] = [];
afterEach(() => {
  for (const app of running.splice(0)) app.unmount();
});

const text = (emulator: Emulator) => expect.poll(() => emulator.lines().join('\n').trimEnd());

describe('a frame of Ink', () => {
  for (const [name, content] of Object.entries(idioms)) {
    it.each([
      [80, 24],
      [200, 50],
    ])(`of panes with ${name} is on the screen at %d×%d, cell by cell`, async (columns, rows) => {
      const first = panesOf(columns, rows, 1);
      const { app, emulator, out } = show(<Panes panes={first} content={content} />, columns, rows);
      for (const panes of [first, panesOf(columns, rows, 50), first, panesOf(columns, rows, 99)]) {
        app.rerender(<Panes panes={panes} content={content} />);
        await app.waitUntilRenderFlush();
        await emulator.write('');
        expect(asSeen(emulator.cells())).toEqual(asSeen(wantedCells(panes, columns, rows)));
      }
      out.taken();
      app.rerender(<Panes panes={panesOf(columns, rows, 99)} content={content} />);
      await app.waitUntilRenderFlush();
      expect(out.taken()).toEqual([]);
    });
  }
});

function Counter() {
  const [count, setCount] = useState(0);
  const [doubled, setDoubled] = useState(0);
  const [broken, setBroken] = useState(false);
  const [pasted, setPasted] = useState('');
  const { columns, rows } = useWindowSize();
  const { suspendTerminal } = useApp();
  useEffect(() => setDoubled(count * 2), [count]);
  usePaste(setPasted);
  useInput(key => {
    if (key === 's') suspended = suspendTerminal(() => new Promise(resolve => (resume = resolve)));
    else if (key === 'b') setBroken(true);
    else setCount(count + 1);
  });
  if (broken) throw new Error('a view is broken');
  return (
    <Text>
      {columns}×{rows} count {count} doubled {doubled} {pasted}
    </Text>
  );
}
let suspended: Promise<unknown>;
let resume: () => void;

describe('the life of Ink', () => {
  it('reaches the terminal as frames only', async () => {
    const { emulator, stage, app, type, resize, out } = show(<Counter />, 60, 5);
    await text(emulator).toBe('60×5 count 0 doubled 0');
    out.taken();
    stage.urgent();
    type('j');
    await text(emulator).toBe('60×5 count 1 doubled 2');
    expect(out.taken(), 'the commits of one key are one write').toHaveLength(1);
    type('\x1b[200~pasted\x1b[201~');
    await text(emulator).toBe('60×5 count 1 doubled 2 pasted');
    resize(40, 3);
    await text(emulator).toBe('40×3 count 1 doubled 2 pasted');
    resize(70, 6);
    await text(emulator).toBe('70×6 count 1 doubled 2 pasted');
    type('s');
    await expect.poll(() => resume).toBeTypeOf('function');
    stage.suspend();
    await emulator.write('an editor');
    expect(emulator.terminal.buffer.active.type).toBe('normal');
    stage.resume();
    resume();
    await suspended;
    await text(emulator).toBe('70×6 count 1 doubled 2 pasted');
    app.unmount();
    await app.waitUntilExit();
    stage.close();
    await emulator.write('');
    expect(emulator.terminal.buffer.active.type).toBe('normal');
    expect(emulator.terminal.modes).toMatchObject({ bracketedPasteMode: false, mouseTrackingMode: 'none' });
    await text(emulator).toBe('an editor');
    const sent = out.taken().join('');
    expect(sent.split('\x1b[?25h'), 'the cursor comes back with the terminal only').toHaveLength(3);
  });

  it('ends with the error of a view that breaks', async () => {
    const { emulator, app, type, stage } = show(<Counter />, 60, 8);
    const end = expect(app.waitUntilExit()).rejects.toThrow('a view is broken');
    await text(emulator).toBe('60×8 count 0 doubled 0');
    type('b');
    await end;
    stage.close();
    await emulator.write('');
    expect(emulator.terminal.buffer.active.type).toBe('normal');
  });
});
