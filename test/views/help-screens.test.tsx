import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { KEYS, KeyMap } from '../../src/keys/table.ts';
import { help } from '../../src/screen/help.ts';
import { open } from './open.tsx';

const screenOf = (size: string) => readFileSync(`docs/screens/help-${size}.txt`, 'utf8').split('\n');

it.each([
  [80, 24],
  [120, 40],
  [200, 50],
])('shows the keys in the documentation as they are in the table, at %i×%i (npm run screens)', (columns, rows) => {
  const { screen, draw, text } = open(new Fleet(), columns, rows, { banner: 'demo' });
  screen.press('?');
  draw();
  const within = text().filter(line => line.startsWith('┃'));
  expect(within.length).toBeGreaterThan(rows - 8);
  expect(screenOf(`${columns}x${rows}`).filter(line => line.startsWith('┃'))).toEqual(within);
});

it('tells every key', () => {
  const text = help(new KeyMap(), { ascii: false, part: 'list', columns: 76 })
    .map(({ text }) => text)
    .join('\n');
  for (const { keys, help } of KEYS) expect(text).toMatch(new RegExp(`${escaped(keys.join('  '))} +${escaped(help)}`));
});

const escaped = (text: string) => text.replace(/[^\w\s]/g, '\\$&');
