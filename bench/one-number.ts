import { Painter } from '../src/stage/painter.ts';
import { wholeRows } from '../test/helpers/pictures.ts';
import type { Figure } from './measurement.ts';

const [COLUMNS, ROWS] = [200, 50];

/** What the stage sends when one number of a full 200×50 frame changes, `CPU 48 %` to `CPU 49 %`. */
export async function oneNumber(): Promise<Figure[]> {
  const painter = new Painter(COLUMNS, ROWS, 'full');
  const frame = (percent: number) =>
    Array.from({ length: ROWS }, (_, row) =>
      `│ \x1b[32m●\x1b[39m worker-${row}  CPU ${row === 20 ? percent : 51} % `.padEnd(COLUMNS, '─'),
    );
  const whole = painter.paint(wholeRows(frame(48)));
  const changed = painter.paint(wholeRows(frame(49)));
  return [
    { name: 'a whole frame of 200×50', value: Buffer.byteLength(whole), unit: 'bytes' },
    { name: 'one changed digit of it', value: Buffer.byteLength(changed), unit: 'bytes' },
  ];
}
