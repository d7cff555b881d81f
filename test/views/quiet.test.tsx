import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { node } from '../helpers/nouns.ts';
import { open } from './open.tsx';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it('tells in a text when something was seen last, though nothing that is told of has changed', async () => {
  let at = Date.UTC(2026, 10, 23, 14, 3);
  const fleet = new Fleet({ now: () => at, everyMs: 0 });
  fleet.expect('prod', 'kubernetes');
  const sink = fleet.sink('prod', 'kubernetes');
  sink.state({ phase: 'live', proof: true });
  sink.put([node('w1', { observedAt: at })]);
  fleet.flush();
  const { screen, text } = open(fleet, 120, 40);
  screen.press('1');
  screen.press('d');
  await vi.waitFor(() => expect(text().join('\n')).toMatch(/seen .*:03:00/));
  at += 1_000;
  sink.put([node('w1', { observedAt: at })]);
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.waitFor(() => expect(text().join('\n')).toMatch(/seen .*:03:01/));
});
