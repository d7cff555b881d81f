import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Painter } from '../../src/stage/painter.ts';
import { wholeRows } from '../helpers/pictures.ts';
import { emulate } from './emulator.ts';

/** All that may ever leave: our moves, styles, erase and synchronized update, and visible characters. */
const OURS =
  /^(?:\x1b\[\?2026[hl]|\x1b\[[\d;]*[HGABCDmK]|[\r\n\b]|[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}])*$/u;

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({
        unit: fc.constantFrom(...'\x1b[];?>=0123456789hlmHJKABCDPX^_\\\x07\x9b\x9d\x9c\x90 !#$(\r\n\b\t'),
        maxLength: 12,
      }),
      fc.constantFrom(
        '\x1b[31m',
        '\x1b[2J',
        '\x1b[?1049l',
        '\x1b[?25h',
        '\x1b]0;title\x07',
        '\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\',
        '\x1b]52;c;cm0gLXJm\x07',
        '\x1bP+q544e\x1b\\',
        '\x1bc',
        '\x1b#8',
        '\x1b(0',
        '\x1b7\x1b8',
        '\x9b2J',
        '\x1b[38:2::1:2:3m',
        '\x1b[>4;2m',
        '\x1b[6n',
        '\u202e\u2066',
        '日\x1b',
      ),
    ),
    { maxLength: 8 },
  )
  .map(parts => parts.join(''));

describe('what leaves', () => {
  it('is ours, whatever a frame holds', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 5 }), rows => {
        const painter = new Painter(30, 4, 'full');
        expect(painter.paint(wholeRows(rows))).toMatch(OURS);
        expect(painter.paint(wholeRows(rows.toReversed()))).toMatch(OURS);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves the terminal in its mode, with the next frame whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 5 }), async rows => {
        const emulator = emulate(30, 4);
        const answers: string[] = [];
        emulator.terminal.onData(data => answers.push(data));
        emulator.terminal.onTitleChange(title => answers.push(title));
        await emulator.write('\x1b[?1049h\x1b[?7l\x1b[2J');
        const painter = new Painter(30, 4, 'full');
        const modes = { ...emulator.terminal.modes };
        await emulator.write(painter.paint(wholeRows(rows)));
        expect(emulator.terminal.modes).toEqual(modes);
        await emulator.write(painter.paint(wholeRows(['first', '', '\x1b[1mthird', 'last'])));
        expect(emulator.lines()).toEqual(['first', '', 'third', 'last']);
        expect(emulator.terminal.buffer.active.type).toBe('alternate');
        expect(answers).toEqual([]);
        emulator.terminal.dispose();
      }),
      { numRuns: 200 },
    );
  });
});
