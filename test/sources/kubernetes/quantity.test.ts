import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBytes, parseMillicores, parseQuantity } from '../../../src/sources/kubernetes/quantity.ts';

test.each([
  ['500m', 0.5],
  ['1Gi', 1_073_741_824],
  ['128974848', 128_974_848],
  ['1e3', 1000],
  ['1E3', 1000],
  ['1E', 1e18],
  ['12E-1', 1.2],
  ['100k', 100_000],
  ['123n', 123e-9],
  ['1.5Gi', 1_610_612_736],
  ['.5', 0.5],
  ['5.', 5],
  ['-2', -2],
  ['+3Ki', 3072],
  ['0', 0],
  ['20k', 20_000],
  [7, 7],
])('%s is %d', (text, value) => expect(parseQuantity(text)).toBe(value));

test.each(['', ' ', '1 Gi', 'Gi', '1K', '1gi', '1e', '1ee3', '0x10', 'NaN', '1,5', '1e999', null, undefined, {}, NaN])(
  '%j is none',
  text => expect(parseQuantity(text)).toBeNull(),
);

test('usage in nanocores is never rounded down to nothing', () => {
  expect(parseMillicores('9370000000n')).toBe(9370);
  expect(parseMillicores('120n')).toBe(1);
  expect(parseMillicores('0')).toBe(0);
  expect(parseMillicores('0.1')).toBe(100);
  expect(parseMillicores('4')).toBe(4000);
  expect(parseMillicores(undefined)).toBeNull();
});

test('bytes are whole', () => {
  expect(parseBytes('78601216Ki')).toBe(78_601_216 * 1024);
  expect(parseBytes('100m')).toBe(1);
  expect(parseBytes('x')).toBeNull();
});

describe('for any quantity', () => {
  const amount = fc.integer({ min: 0, max: 1_000_000 });

  test('suffix, exponent and plain number say the same', () => {
    const same = fc.constantFrom<[string, string, number]>(['k', 'e3', 1e3], ['M', 'E6', 1e6], ['G', 'e9', 1e9]);
    fc.assert(
      fc.property(amount, same, (n, [suffix, exponent, factor]) => {
        expect(parseQuantity(`${n}${suffix}`)).toBe(n * factor);
        expect(parseQuantity(`${n}${exponent}`)).toBe(n * factor);
      }),
    );
  });

  test('binary suffixes are powers of 1024', () => {
    fc.assert(
      fc.property(amount, fc.constantFrom('Ki', 'Mi', 'Gi'), (n, suffix) => {
        expect(parseQuantity(`${n}${suffix}`)).toBe(n * 1024 ** (['Ki', 'Mi', 'Gi'].indexOf(suffix) + 1));
      }),
    );
  });

  test('millicores come back as they were written', () => {
    fc.assert(fc.property(amount, n => parseMillicores(`${n}m`) === n));
  });

  test('any text gives a finite number or null', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+-]?[0-9.]{0,6}[numkKMGTPEei0-9+-]{0,5}$/)), text => {
        const value = parseQuantity(text);
        return value === null || Number.isFinite(value);
      }),
    );
  });
});
