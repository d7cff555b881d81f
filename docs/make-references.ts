// Writes docs/json.md and docs/profile.md from their schemas: `node docs/make-references.ts`. A test compares.
import { writeFileSync } from 'node:fs';
import { jsonMarkdown } from '../src/cli/json-markdown.ts';
import { profileMarkdown } from '../src/profile/markdown.ts';

writeFileSync(new URL('json.md', import.meta.url), jsonMarkdown());
writeFileSync(new URL('profile.md', import.meta.url), profileMarkdown());
