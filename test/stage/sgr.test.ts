import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAIN, Styles } from '../../src/stage/sgr.ts';
import { emulate } from './emulator.ts';
import { lookOf, toCells, toText } from './screens.ts';

/** What a table makes of a sequence, as the sequence that it would write. */
const becomes = (colors: 'full' | '16' | 'none', parameters: string) => {
  const styles = new Styles(colors);
  return styles.change(PLAIN, styles.apply(PLAIN, parameters)).replaceAll('\x1b', 'ESC');
};

describe('styles', () => {
  it.each([
    ['', ''],
    ['0', ''],
    ['1', 'ESC[1m'],
    ['1;31', 'ESC[1;31m'],
    ['1;2;3;4;7;9', 'ESC[1;2;3;4;7;9m'],
    ['97;107', 'ESC[97;107m'],
    ['38;5;208', 'ESC[38;5;208m'],
    ['38;5;9', 'ESC[91m'],
    ['48;2;1;2;3', 'ESC[48;2;1;2;3m'],
    ['31;0;32', 'ESC[32m'],
    ['1;2;22;3', 'ESC[3m'],
    // not ours: passed over, never passed on
    ['5;8;21;51;999', ''],
    ['38;5;256', ''],
    ['38;2;1;2', ''],
    ['38;9;31', ''],
    ['38', ''],
  ])('%j becomes %j', (parameters, written) => {
    expect(becomes('full', parameters)).toBe(written);
  });

  it.each([
    ['31', 'ESC[31m'],
    ['38;5;208', 'ESC[33m'],
    ['38;5;196', 'ESC[91m'],
    ['38;5;34', 'ESC[32m'],
    ['38;5;244', 'ESC[90m'],
    ['38;2;250;250;250', 'ESC[97m'],
    ['48;2;0;0;200', 'ESC[44m'],
    ['1;7;38;5;21', 'ESC[1;7;34m'],
  ])('with 16 colours %j becomes %j', (parameters, written) => {
    expect(becomes('16', parameters)).toBe(written);
  });

  it.each([
    ['31', ''],
    ['38;5;208;48;2;1;2;3;97;100', ''],
    ['1;4;7;31;42', 'ESC[1;4;7m'],
  ])('without colours %j becomes %j', (parameters, written) => {
    expect(becomes('none', parameters)).toBe(written);
  });

  it('change from any to any other as a terminal understands it, never longer than from scratch', async () => {
    const emulator = emulate(4, 1);
    await fc.assert(
      fc.asyncProperty(lookOf, lookOf, fc.boolean(), async (before, after, known) => {
        const styles = new Styles('full');
        const parse = (look: typeof before) => {
          const text = toText([{ glyph: 'x', width: 1, style: look }]).split('x')[0]!;
          return [...text.matchAll(/\x1b\[([\d;]*)m/g)].reduce((id, [, codes]) => styles.apply(id, codes!), PLAIN);
        };
        const [from, to] = [parse(before), parse(after)];
        const change = styles.change(known ? from : null, to);
        await emulator.write(`\x1b[H${styles.change(null, from)}x${change}x`);
        const wanted = toCells(
          [before, after].map(style => ({ glyph: 'x', width: 1, style })),
          2,
        );
        expect(emulator.cells()[0]!.slice(0, 2)).toEqual(wanted);
        expect(change.length).toBeLessThanOrEqual(styles.change(null, to).length);
      }),
      { numRuns: 500 },
    );
  });
});
