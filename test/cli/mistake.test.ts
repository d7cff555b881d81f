import { expect, it } from 'vitest';
import { UsageError } from '../../src/cli/arguments.ts';
import { mistake } from '../../src/cli/mistake.ts';
import { DemoError } from '../../src/demo/client.ts';
import { ProfileError } from '../../src/profile/profile-error.ts';

it.each([
  [new UsageError('--clock needs a value'), 64, 'quarterdeck: --clock needs a value\n'],
  [
    new ProfileError('a.yaml', [{ line: 3, column: 1, key: 'sources', message: 'must be a mapping' }]),
    64,
    'quarterdeck: the profile has mistakes\na.yaml:3: sources must be a mapping\n',
  ],
  [new DemoError('nosuch is no scenario', true), 64, 'quarterdeck: nosuch is no scenario\n'],
  [new DemoError('it does not start: no\x1b[2J memory', false), 70, 'quarterdeck: it does not start: no␛[2J memory\n'],
])('%s is told in a sentence', (error, code, text) => {
  expect(mistake(error)).toEqual({ code, text });
});

it('leaves faults of our own to the one who has the stack', () => {
  expect(mistake(new TypeError('x is not a function'))).toBeNull();
});
