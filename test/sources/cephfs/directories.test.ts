import { describe, expect, it } from 'vitest';
import { changeTime } from '../../../src/sources/cephfs/directories.ts';

describe('the time of the last change below a directory', () => {
  it.each([
    ['1795426864.196015300', 1795426864196],
    ['1795426864', 1795426864000],
    // Nautilus.
    ['1795426864.09196015300', 1795426864196],
    ['0.000000000', null],
    [undefined, null],
    ['', null],
    ['soon', null],
    ['-1.5', null],
  ])('%s', (text, expected) => expect(changeTime(text)).toBe(expected));
});
