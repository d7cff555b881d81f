import { expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { replica, workload } from '../helpers/nouns.ts';
import { open } from './open.tsx';

it('draws what has come in between two notifications with its verdict and its sums', () => {
  const fleet = new Fleet({ everyMs: 60_000 });
  const sink = fleet.sink('prod', 'kubernetes');
  const read = () => sink.put([workload('web', { ready: 0, restarts: null })]);
  read();
  sink.put([replica('web-1', 'web', { ready: false, restarts: 7, state: 'Pending', message: 'no room' })]);
  fleet.flush();
  const { draw, text } = open(fleet, 120, 30);
  const row = () => text().find(line => / web /.test(line));
  const before = row();
  expect(before).toMatch(/▲|✖|◍/);
  expect(before).toMatch(/ 7 /);
  read();
  draw();
  expect(row()).toBe(before);
});
