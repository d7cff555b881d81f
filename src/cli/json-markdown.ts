import type * as z from 'zod';
import { markdownTable, schemaRows } from '../profile/schema-rows.ts';
import { DoctorOutput, ListOutput, StatusOutput } from './json.ts';
import { ChecklistHistory, ChecklistRun } from './json-checklists.ts';
import { ActionResult, DeedOutput, JournalCheck } from './json-deeds.ts';
import { EventItem, Item, NounItem } from './json-items.ts';

/** The reference of the command line's JSON, made from its schemas. */
export function jsonMarkdown(): string {
  const common = new Set(schemaRows(NounItem, 'output').map(({ key }) => key));
  const items = Item.options.flatMap(item => {
    const rows = schemaRows(item, 'output');
    const kind = rows.find(({ key }) => key === 'kind')?.type.replaceAll('"', '');
    return [
      `### ${kind}`,
      '',
      table(item === EventItem ? rows : rows.filter(({ key }) => !common.has(key) && key !== 'kind')),
      '',
    ];
  });
  return [
    INTRODUCTION,
    section('status --json', StatusOutput),
    section('get KIND --json', ListOutput),
    '## Items\n\nEvery item but an event has:\n',
    table(schemaRows(NounItem, 'output')),
    '\nand by its `kind`:\n',
    ...items,
    '## `events --json`\n\nAn object a line: `apiVersion`, `demo` where it is one, and the keys of an Event above.\n',
    section('doctor --json', DoctorOutput),
    section('act VERB TARGET --json', ActionResult),
    'For several targets an `ActionResultList` with these as its `items`. Exit codes of `act`: 0 done, or the dry run is',
    'fine · 1 refused · 2 failed · 3 unknown; of several targets the worst.\n',
    section('journal --json', DeedOutput),
    section('journal --verify --json', JournalCheck),
    section('checklist daily --json', ChecklistRun),
    'Exit codes of `checklist`: 0 pass · 1 warning · 2 fail · 3 cannot tell.\n',
    section('checklist history --json', ChecklistHistory),
  ].join('\n');
}

function section(command: string, schema: z.ZodType): string {
  return `## \`${command}\`\n\n${table(schemaRows(schema, 'output'))}\n`;
}

function table(rows: ReturnType<typeof schemaRows>): string {
  return markdownTable(
    ['key', 'value', ''],
    rows.map(({ key, type, required, help }) => [`\`${key}\`${required ? '' : ' (not always)'}`, type, help]),
  );
}

const INTRODUCTION = `# JSON

What \`--json\` prints. The shapes bear a version, \`apiVersion: quarterdeck/v1\`: within it keys are added and never
changed or taken away. What is not known is \`null\`, never 0 and never left out. Numbers stand in base units with the
unit in the name (\`usedBytes\`, \`cpuMillicores\`, \`ageSeconds\`), times are ISO 8601 in UTC. Ids are unique over all
sources and begin with the source's name in the profile. An answer of the embedded platform says \`"demo": true\`.

Exit codes: 0 well · 1 warnings · 2 something known is bad · 3 a source that is configured is not live (for \`get\` and
\`events\`: something may be missing) · 64 a mistake in the command line or the profile · 70 a fault of the program.
`;
