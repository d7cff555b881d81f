// Writes docs/screens: the real program over the embedded platform, at three sizes, as text and as pictures.
// `npm run screens` after a change of what is drawn.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { PtyProgram } from '../test/helpers/pty-program.ts';
import { svgOf } from './svg.ts';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 50],
] as const;
/** What is pressed, and what must be there before the picture is taken. */
const SITUATIONS: Record<string, { keys: string; shows: RegExp }> = {
  overview: { keys: '', shows: /placed/ },
  why: { keys: 'i', shows: /: why\? [━=]/ },
  help: { keys: '?', shows: /Find out what is wrong/ },
  chart: { keys: '4hm', shows: /grows by/ },
};
const folder = new URL('screens/', import.meta.url);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [columns, rows] of SIZES) {
  const program = new PtyProgram(process.execPath, ['bin/quarterdeck.js', '--demo', '--clock', 'off'], {
    columns,
    rows,
  });
  try {
    await program.shows(/\d+ of \d+ placed/, 60_000);
    await program.lacks(/connecting|asking|not asked yet|starting/, 60_000);
    for (const [name, { keys, shows }] of Object.entries(SITUATIONS)) {
      program.type(keys);
      await program.shows(shows, 60_000);
      writeFileSync(new URL(`${name}-${columns}x${rows}.txt`, folder), `${program.lines().join('\n')}\n`);
      writeFileSync(new URL(`${name}-${columns}x${rows}.svg`, folder), svgOf(program, columns, rows));
      program.type('\x1b');
      await program.lacks(name === 'overview' ? /never/ : shows);
    }
    program.type('q');
    await program.ended();
  } finally {
    program.close();
  }
}
