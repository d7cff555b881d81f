import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from '../../src/text/nearest.ts';
import { parseBytes, parseDuration, parseMillicores, parsePercent } from '../../src/text/quantity.ts';

test.each([
  ['90', 90],
  ['90s', 90],
  ['1.5m', 90],
  ['1h30m', 5400],
  ['2d', 172_800],
  ['500ms', 0.5],
  ['', null],
  ['h', null],
  ['-5s', null],
  ['5 apples', null],
])('duration %s', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

test.each([
  ['512', 512],
  ['1Ki', 1024],
  ['1k', 1024],
  ['1.5GiB', 1.5 * 1024 ** 3],
  ['10G', 10 * 1024 ** 3],
  ['10GB', 10e9],
  ['5b', 5],
  ['i', null],
  ['5i', null],
  ['5x', null],
  ['', null],
])('bytes %s', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

test.each([
  ['500m', 500],
  ['2', 2000],
  ['0.5', 500],
  ['2 cores', null],
])('millicores %s', (text, millicores) => expect(parseMillicores(text)).toBe(millicores));

test('percent', () => {
  expect(parsePercent('80%')).toBe(80);
  expect(parsePercent('80')).toBeNull();
});

test.each([
  ['nodse', ['nodes', 'pods'], 'nodes'],
  ['deploy', ['nodes', 'deployments'], 'deployments'],
  ['colour', ['color', 'cool'], 'color'],
  ['xyzzy', ['nodes', 'pods'], null],
  ['Nodes', ['nodes'], 'nodes'],
])('%s of %s', (word, candidates, meant) => expect(nearest(word, candidates)).toBe(meant));

test('one slip of the finger is always forgiven', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{4,10}$/), fc.nat(), (word, at) => {
      const i = at % word.length;
      expect(nearest(word.slice(0, i) + word.slice(i + 1), [word])).toBe(word);
      expect(nearest(`${word.slice(0, i)}x${word.slice(i)}`, [word])).toBe(word);
    }),
  );
});
