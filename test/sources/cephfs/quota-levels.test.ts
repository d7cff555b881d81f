import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../src/model/entity.ts';
import { QuotaLevels } from '../../../src/sources/cephfs/quota-levels.ts';

function directory(usedBytes: number | null, change: Partial<Seen<'directory'>> = {}): Seen<'directory'> {
  return {
    id: 'fs/dir/a',
    kind: 'directory',
    name: 'a',
    source: 'fs',
    observedAt: 0,
    uid: null,
    version: null,
    createdAt: null,
    labels: {},
    path: '/m/a',
    usedBytes,
    quotaBytes: 100,
    entries: null,
    files: null,
    quotaFiles: null,
    changedAt: null,
    ...change,
  };
}

/** What is told while the usage goes through these values. */
function told(...used: (number | null)[]): string[] {
  const levels = new QuotaLevels();
  return used.flatMap(value =>
    levels.look([directory(value)], 0).map(({ severity, message }) => `${severity} ${message}`),
  );
}

describe('the levels of a quota', () => {
  it('are told when they are passed', () => {
    expect(told(10, 79, 80, 85, 91, 100)).toEqual([
      'warn passed 80 % of its quota: 80B of 100B',
      'warn passed 90 % of its quota: 91B of 100B',
      'bad at 100 % of its quota, writes are refused: 100B of 100B',
    ]);
  });

  it('are told once when two are passed at a time', () => {
    expect(told(10, 95)).toEqual(['warn passed 90 % of its quota: 95B of 100B']);
  });

  it('are left a little lower than they are reached', () => {
    expect(told(10, 90, 89, 90, 88, 90)).toHaveLength(1);
    expect(told(10, 90, 87)).toEqual([
      'warn passed 90 % of its quota: 90B of 100B',
      'info fell below 90 % of its quota: 87B of 100B',
    ]);
    expect(told(124, 10)).toEqual([
      'bad at 124 % of its quota, writes are refused: 124B of 100B',
      'info fell below 80 % of its quota: 10B of 100B',
    ]);
  });

  it('at the first look are told only where writes are refused', () => {
    expect(told(95)).toEqual([]);
    expect(told(100)).toHaveLength(1);
  });

  it('stay quiet while the usage or the quota is not known', () => {
    expect(told(10, null, 10)).toEqual([]);
    const levels = new QuotaLevels();
    expect(levels.look([directory(500, { quotaBytes: null })], 0)).toEqual([]);
  });

  it('count entries against the file quota', () => {
    const [event] = new QuotaLevels().look([directory(0, { entries: 10, quotaFiles: 10 })], 3);
    expect(event).toMatchObject({
      at: 3,
      about: 'fs/dir/a',
      subject: 'dir/a',
      message: 'at 100 % of its file quota, writes are refused: 10 of 10',
    });
  });

  it('change with a quota that was raised', () => {
    const levels = new QuotaLevels();
    levels.look([directory(100)], 0);
    expect(levels.look([directory(100, { quotaBytes: 1000 })], 0)).toMatchObject([{ severity: 'info' }]);
  });

  it('never chatter: no usage within two percent tells more than once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 88.5, max: 90.4, noNaN: true }), { maxLength: 50 }), values => {
        expect(told(50, ...values).length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
