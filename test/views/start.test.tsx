import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it } from 'vitest';
import { Start } from '../../src/screen/start.ts';
import type { Picture } from '../../src/stage/picture.ts';
import { textWidth } from '../../src/stage/width.ts';
import { StartView } from '../../views/StartView.tsx';
import { textOf } from '../helpers/pictures.ts';

let unmount = () => {};
afterEach(() => unmount());

const CHOICES = Array.from({ length: 12 }, (_, n) => ({
  name: `c-${n}`,
  title: `Kubernetes context number ${n}`,
  note: 'https://api.example.org:6443, the namespace shop first',
}));

function show(columns: number, rows: number, profiles = ['prod']) {
  const on = {
    openProfile: () => null,
    open: () => {},
    demo: () => {},
    write: () => ({ message: `written: ${'/long'.repeat(30)}.yaml; from now on: quarterdeck --platform x`, profiles }),
    suspend: () => true,
    quit: () => {},
  };
  const start = new Start({ profiles, lastTime: null, orDemo: false, on });
  start.resize(columns, rows);
  let picture: Picture = [];
  const shown = (look: () => Picture) => {
    picture = look();
  };
  const view = render(<StartView start={start} ascii={false} pressed={() => {}} show={shown} />);
  unmount = view.unmount;
  return { start, frame: () => textOf(picture, columns, rows).join('\n') };
}

const found = (start: Start) =>
  start.found({ choices: CHOICES, chosen: ['c-1'], passed: ['no Docker engine answers'], isNothing: false });

describe.each([
  [80, 24],
  [40, 10],
  [20, 5],
])('the start screen at %d×%d', (columns, rows) => {
  it('is there before anything is found', () => {
    const { frame } = show(columns, rows);
    expect(frame()).toContain('prod');
    expect(frame()).toContain('q quit');
  });

  it('keeps every row and message within its size, and the cursor in sight', async () => {
    const { start, frame } = show(columns, rows);
    found(start);
    for (const key of [...Array<string>(14).fill('j'), 'w', ...Array<string>(14).fill('k')]) {
      start.press(key);
      await expect.poll(() => frame()).toContain(underCursor(start));
      const lines = frame().split('\n');
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
    }
  });
});

it('says what it looks for, what it found, and what not', async () => {
  const { start, frame } = show(80, 40);
  expect(frame()).toContain('looking for');
  expect(frame()).not.toContain('Nothing to watch');
  found(start);
  await expect.poll(frame).toContain('[x] Kubernetes context number 1 ');
  expect(frame()).toContain('[ ] Kubernetes context number 0 ');
  expect(frame()).toContain('no Docker engine answers');
  expect(frame()).toContain('the embedded platform');
  expect(frame()).not.toContain('looking for');
});

it('tells the whole of a long message', async () => {
  const { start, frame } = show(40, 24);
  found(start);
  start.press('w');
  await expect.poll(() => frame().replace(/\s+/g, ' ')).toContain('from now on: quarterdeck --platform x');
});

function underCursor(start: Start): string {
  const row = start.rows[start.cursor];
  if (!row || row.type === 'demo') return 'the emb';
  return row.type === 'profile' ? row.name : row.title.slice(0, 13);
}
