import { describe, expect, it } from 'vitest';
import { nextRun } from '../../../src/demo/controller/kubernetes/cron-schedule.ts';

const after = (schedule: string, from: string) => {
  const at = nextRun(schedule, Date.parse(from));
  return at === null ? null : new Date(at).toISOString();
};

describe('nextRun', () => {
  it.each([
    ['0 2 * * *', '2026-11-23T14:03:10Z', '2026-11-24T02:00:00.000Z'],
    ['0 2 * * *', '2026-11-23T02:00:00Z', '2026-11-24T02:00:00.000Z'],
    ['*/15 * * * *', '2026-11-23T14:03:10Z', '2026-11-23T14:15:00.000Z'],
    ['5,35 9-17 * * 1-5', '2026-11-27T17:40:00Z', '2026-11-30T09:05:00.000Z'],
    ['0 0 1 * *', '2026-12-31T23:59:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 13 * 5', '2026-11-23T00:00:00Z', '2026-11-27T00:00:00.000Z'],
    ['0 0 29 2 *', '2027-01-01T00:00:00Z', null],
  ])('%s after %s is %s', (schedule, from, expected) => {
    expect(after(schedule, from)).toBe(expected);
  });

  it.each(['', '* * * *', 'x * * * *', '*/0 * * * *'])('cannot read "%s"', schedule => {
    expect(nextRun(schedule, 0)).toBeNull();
  });
});
