// Writes docs/keys.md from the table of keys. `npm run docs` after a change of the table; a test compares.
import { writeFileSync } from 'node:fs';
import { keysMarkdown } from '../src/keys/markdown.ts';

writeFileSync(new URL('../docs/keys.md', import.meta.url), keysMarkdown());
