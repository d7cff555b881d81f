// Writes the pages of docs/ that are made from tables and schemas. `npm run docs` after a change of one; tests compare.
import { writeFileSync } from 'node:fs';
import { jsonMarkdown } from '../src/cli/json-markdown.ts';
import { keysMarkdown } from '../src/keys/markdown.ts';
import { profileMarkdown } from '../src/profile/markdown.ts';

const PAGES = { keys: keysMarkdown, profile: profileMarkdown, json: jsonMarkdown };

for (const [name, page] of Object.entries(PAGES)) {
  writeFileSync(new URL(`../docs/${name}.md`, import.meta.url), page());
}
