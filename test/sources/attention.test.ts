import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Attention } from '../../src/sources/attention.ts';

/** Time that passed while no timer could run. */
let stalled = 0;
const now = () => performance.now() + stalled;

beforeEach(() => {
  stalled = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

test('measures what the other side took', () => {
  const attention = new Attention(5_000, now);
  vi.advanceTimersByTime(1_500);
  expect(attention.end()).toBe(1_500);
  expect(attention.signal.aborted).toBe(false);
});

test('aborts after the deadline', () => {
  const attention = new Attention(200, now);
  vi.advanceTimersByTime(199);
  expect(attention.signal.aborted).toBe(false);
  vi.advanceTimersByTime(51);
  expect(attention.signal.aborted).toBe(true);
  attention.end();
});

test('does not tell a time that was its own in good part', () => {
  const attention = new Attention(5_000, now);
  vi.advanceTimersByTime(300);
  stalled = 1_200;
  expect(attention.end()).toBeNull();
});

test('tells one in which it was kept only a little', () => {
  const attention = new Attention(5_000, now);
  stalled = 200;
  vi.advanceTimersByTime(2_000);
  expect(attention.end()).toBe(2_200);
});

test('counts no time in which it could not look towards the deadline', () => {
  const attention = new Attention(200, now);
  stalled = 10_000;
  vi.advanceTimersByTime(100);
  expect(attention.signal.aborted).toBe(false);
  vi.advanceTimersByTime(150);
  expect(attention.signal.aborted).toBe(true);
  attention.end();
});

test('ends its timer', () => {
  new Attention(200, now).end();
  expect(vi.getTimerCount()).toBe(0);
});
