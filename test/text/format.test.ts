import { describe, expect, it } from 'vitest';
import { counted, sparkline } from '../../src/text/format.ts';

describe('a sparkline', () => {
  it('is blank where no sample was taken yet', () => {
    expect(sparkline([0, 10], 6)).toBe('    ▁█');
    expect(sparkline([], 4)).toBe('    ');
    expect(sparkline([0, 10], 6, true)).toBe('    _@');
  });

  it('shows the last samples of many', () => {
    expect(sparkline([9, 9, 0, 7], 2)).toBe('▁█');
  });

  it('does not make a cliff of a wobble', () => {
    expect(sparkline([1000, 1003, 999, 1001, 1004], 5)).toBe('     ');
    const levels = new Set(sparkline([1000, 1030, 990, 1010, 1040], 5));
    expect([...levels].every(level => '▁▂▃'.includes(level))).toBe(true);
    expect(sparkline([1000, 500, 1000], 3)).toBe('█▁█');
  });

  it('writes nothing to an idle screen: it is blank until something moves', () => {
    for (const value of [0, 7]) {
      const lines = [1, 2, 3, 4, 5].map(samples => sparkline(Array<number>(samples).fill(value), 4));
      expect(new Set(lines)).toEqual(new Set(['    ']));
    }
  });
});

it('counts one thing in the singular', () => {
  expect([0, 1, 2].map(value => counted(value, 'pod'))).toEqual(['0 pods', '1 pod', '2 pods']);
});
