import { expect, it } from 'vitest';
import { plain } from '../../src/text/look.ts';

it('has our own signs in ASCII where the terminal has nothing else', () => {
  expect(plain('57 % · full in 74 d ±9 …', true)).toBe('57 % . full in 74 d +-9 ~');
  expect(plain('57 % · full in 74 d ±9 …', false)).toBe('57 % · full in 74 d ±9 …');
});
