import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonMarkdown } from '../../src/cli/json-markdown.ts';
import { profileMarkdown } from '../../src/profile/markdown.ts';

test.each([
  ['json', jsonMarkdown],
  ['profile', profileMarkdown],
])('docs/%s.md is what the schemas say (npm run docs)', (name, page) => {
  expect(readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')).toBe(page());
});
