import { expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { node, workload } from '../helpers/nouns.ts';
import { open } from './open.tsx';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GREEN = '\x1b[32m';

/** A fleet whose clock is turned by hand. */
function platform() {
  let at = Date.UTC(2026, 10, 23, 14, 3);
  const fleet = new Fleet({ now: () => at, everyMs: 0 });
  fleet.expect('prod', 'kubernetes');
  const sink = fleet.sink('prod', 'kubernetes');
  sink.state({ phase: 'live', proof: true });
  sink.put([node('w1', { createdAt: at - 4 * HOUR }), workload('web', { createdAt: at - 3 * HOUR })]);
  fleet.flush();
  return {
    fleet,
    pass: (ms: number) => {
      at += ms;
    },
    lose: () => {
      sink.state({ phase: 'stale' });
      fleet.flush();
    },
  };
}

const SIZES = [
  [20, 5],
  [80, 24],
  [200, 50],
] as const;

it.each(SIZES)('counts ages and is green while its source is live, at %i×%i', (columns, rows) => {
  const { fleet, pass } = platform();
  const { draw, frame, text } = open(fleet, columns, rows);
  expect(frame()).toContain(GREEN);
  pass(2 * HOUR);
  draw();
  expect(text().join('\n')).not.toContain('≥');
  if (columns > 20) expect(text().find(line => /web .*1\/1/.test(line))).toMatch(/ 5h/);
});

it.each(SIZES)('stops counting and shows no green when its source is lost, at %i×%i', (columns, rows) => {
  const { fleet, pass, lose } = platform();
  const { screen, draw, frame, text } = open(fleet, columns, rows);
  lose();
  const seen = [0, MINUTE, 5 * HOUR].map(later => {
    pass(later);
    draw();
    expect(frame()).not.toContain(GREEN);
    return text().find(line => line.includes('◐') && line.includes('web'));
  });
  expect(new Set(seen).size).toBe(1);
  if (columns > 20) expect(seen[0]).toContain('≥3h');
  for (const key of ['d', 'i']) {
    screen.press(key);
    draw();
    expect(frame()).not.toContain(GREEN);
    screen.press('Esc');
  }
});

it('says in the details and the reason how it was when it was last heard of', () => {
  const { fleet, pass, lose } = platform();
  const { screen, draw, text } = open(fleet, 80, 24);
  lose();
  pass(5 * HOUR);
  screen.press('d');
  draw();
  expect(text().join('\n')).toMatch(/health +ok \(when last heard of\)/);
  expect(text().join('\n')).toMatch(/age +≥3h/);
  screen.press('Esc');
  screen.press('i');
  draw();
  expect(text().join('\n')).toContain('web was well when it was last heard of');
});
