import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VERBS } from '../../src/actions/verbs.ts';
import { orderNamed } from '../../src/cli/act.ts';
import { parseArguments } from '../../src/cli/arguments.ts';

const map = readFileSync('docs/handbook-map.md', 'utf8');
const rows = map.split('\n').filter(line => /^\| [^-]/.test(line) && !line.startsWith('| by hand'));
const forms = [...map.matchAll(/`((?:act|get|logs|events|journal|checklist) [^`]+)`/g)].map(([, form]) => form!);

it('maps every command to a key and a form', () => {
  expect(rows.length).toBeGreaterThan(50);
  for (const row of rows) expect(row.split(/(?<!\\)\|/).filter(cell => cell.trim() !== '')).toHaveLength(3);
});

it.each(forms)('%s is a command line that there is', form => {
  // As a shell would split it.
  const words = form.match(/(?:[^\s']+|'[^']*')+/g)!.map(word => word.replaceAll("'", ''));
  const args = parseArguments(words);
  if (args.command === 'act') orderNamed(args.operands, args.options);
});

it('names every action', () => {
  for (const { name } of VERBS) expect(map).toMatch(new RegExp(`\\b${name}\\b`));
});
