import { expect, it } from 'vitest';
import { foldJson } from '../../src/logs/json-line.ts';
import { looksLikeError, patternOf } from '../../src/logs/log-pattern.ts';

it.each([
  ['{"level":"info","msg":"started","port":8003}', 'INFO started port=8003'],
  ['{"time":"2026-11-23T14:02:58Z","severity":"ERROR","message":"no route","path":"/x"}', 'ERROR no route path=/x'],
  ['{"a":{"b":1}}', 'a={"b":1}'],
])('reads %s as words', (text, words) => {
  expect(foldJson(text)).toBe(words);
});

it.each(['plain text', '{not json}', '[1,2]', ''])('leaves %s as it is', text => {
  expect(foldJson(text)).toBeNull();
});

it('does not let what stands in JSON drive the terminal', () => {
  expect(foldJson('{"msg":"\\u001b[31mred"}')).toBe('␛[31mred');
});

it('looks for both cases unless a capital is typed; ! inverts; what is no expression is looked for as it stands', () => {
  expect(patternOf('fatal')?.test('FATAL: x')).toBe(true);
  expect(patternOf('FATAL')?.test('fatal: x')).toBe(false);
  expect(patternOf('!fatal')?.test('all is well')).toBe(true);
  expect(patternOf('[x')).toMatchObject({ error: expect.stringContaining('no regular expression') });
  expect(patternOf('[x')?.test('a[xb')).toBe(true);
  expect(patternOf('')).toBeNull();
});

it.each([
  'ERROR: x',
  'java.lang.NullPointerException',
  'Traceback (most recent call last):',
  'panic: nil',
  'level=error',
])('takes %s for an error', text => expect(looksLikeError(text)).toBe(true));
it.each(['GET /errors 200', 'no terror here', 'info: ok'])('does not take %s for one', text => {
  expect(looksLikeError(text)).toBe(false);
});
