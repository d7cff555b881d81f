import { expect, it } from 'vitest';
import { KNOWN } from '../../src/demo/known.ts';
import { startPlatform } from '../../src/demo/platform.ts';
import { Theatre } from '../../src/demo/scenarios/theatre.ts';

// The screen says these things before the embedded platform does: they must be what it says then.

it('names every scenario, in their order', () => {
  expect(KNOWN.scenarios).toEqual(Theatre.names);
});

it('has the name, the title, the namespace and the sources of the profile', async () => {
  const platform = await startPlatform({ scenario: 'still', postgres: false, answerCommand: ['false'] });
  const { name, title, namespace, sources = {} } = platform.profile;
  await platform.close();
  const { postgres, ...others } = KNOWN.sources;
  expect(KNOWN).toMatchObject({ name, title, namespace });
  expect(others).toEqual(Object.fromEntries(Object.entries(sources).map(([source, { kind }]) => [source, kind])));
  expect(postgres).toBe('postgres');
});
