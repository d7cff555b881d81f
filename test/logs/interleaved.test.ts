import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interleaved, type Told } from '../../src/logs/interleaved.ts';
import type { LogEntry } from '../../src/logs/log-buffer.ts';

const NOW = 1_000_000;
const line = (replica: string, at: number | null, more: Partial<LogEntry> = {}): LogEntry => ({
  at,
  replica,
  container: null,
  error: false,
  text: `${replica} ${at}`,
  folded: null,
  mark: null,
  ...more,
});

function interleaved(most = 100): Interleaved {
  return new Interleaved({ begun: NOW, patience: { spoken: 3, unheard: 10, whole: 50 }, most });
}
const texts = (entries: readonly LogEntry[]) => entries.map(({ text }) => text);

describe('lines of several logs', () => {
  it('come in the order of time, whichever log is slow, and none is lost', () => {
    const log = fc.array(fc.nat({ max: 1_000 }), { maxLength: 30 }).map(ats => ats.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(log, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (logs, chosen) => {
        const all = interleaved();
        const left = logs.map((ats, index) => ({ ats: [...ats], told: all.open(`web-${index}`, true) }));
        const given: LogEntry[] = [];
        // At any time any of them sends its next line, or ends.
        while (left.length > 0) {
          const at = chosen.next().value % left.length;
          const one = left[at];
          const next = one?.ats.shift();
          if (one && next !== undefined) all.add(one.told, line(one.told.name, next));
          else if (one) {
            all.caughtUp(one.told);
            left.splice(at, 1);
          }
          given.push(...all.take());
          for (const { told } of left) [told.silent, told.looks] = [0, 0];
        }
        expect(all.isWaiting).toBe(false);
        expect(given.map(({ at }) => at)).toEqual(logs.flat().sort((a, b) => a - b));
      }),
    );
  });

  it('do not wait for a log that says nothing for long; what it has to say later is marked once', () => {
    const all = interleaved();
    const [quick, slow] = [all.open('quick', true), all.open('slow', true)];
    all.add(quick, line('quick', 10));
    for (let look = 0; look < 10; look++) expect(all.take()).toEqual([]);
    expect(texts(all.take())).toEqual(['quick 10']);
    for (const at of [5, 6]) all.add(slow, line('slow', at));
    expect(texts(all.take())).toEqual([
      'came late: its older lines stand below newer ones of others',
      'slow 5',
      'slow 6',
    ]);
  });

  it('wait no more once all have come to what is written now', () => {
    const all = interleaved();
    const [a, b] = [all.open('a', true), all.open('b', true)];
    all.add(a, line('a', NOW + 5));
    expect(all.take()).toEqual([]);
    all.add(b, line('b', NOW + 1));
    expect(texts(all.take())).toEqual([`b ${NOW + 1}`, `a ${NOW + 5}`]);
    // A new replica holds nobody up.
    const late = all.open('new', false);
    all.add(a, line('a', NOW + 6));
    expect(texts(all.take())).toEqual([`a ${NOW + 6}`]);
    all.add(late, line('new', NOW + 2));
    expect(texts(all.take())).toEqual([`new ${NOW + 2}`]);
  });

  it('stay where they came in their log when they bear no stamp, and so do our marks', () => {
    const all = interleaved();
    const a: Told = all.open('a', true);
    all.add(a, line('a', 10));
    all.add(a, line('a', null));
    all.add(a, line('a', NOW, { mark: 'gap', text: 'lines may be missing' }));
    all.add(a, line('a', 20));
    expect(texts(all.take())).toEqual(['a 10', 'a null', 'lines may be missing', 'a 20']);
  });

  it('are let go when too many wait', () => {
    const all = interleaved(3);
    const [quick] = [all.open('quick', true), all.open('slow', true)];
    for (const at of [1, 2, 3]) all.add(quick, line('quick', at));
    expect(all.take()).toEqual([]);
    all.add(quick, line('quick', 4));
    expect(all.take()).toHaveLength(4);
  });
});
