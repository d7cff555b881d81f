import { stringify } from 'yaml';
import { BUILT_IN } from '../profile/built-in.ts';
import type { Findings, Found } from './found.ts';

/**
 * A profile as a text with comments: what would be taken without a word, and what else was found, commented out. Its
 * first line lets editors find the schema.
 */
export function profileText(name: string, { found, passed }: Findings, schemaFile: string): string {
  const taken = found.filter(({ isDefault }) => isDefault);
  const others = found.filter(({ isDefault }) => !isDefault);
  const namespace = taken.find(source => source.namespace)?.namespace;
  return [
    `# yaml-language-server: $schema=${schemaFile}`,
    '# A platform as Quarterdeck watches it. "quarterdeck config check" looks it over.',
    '# Passwords never stand here: {env: NAME}, {file: PATH} or {command: [PROGRAM, …]} says where one is found.',
    '',
    `name: ${name}`,
    '# title: a longer name for the header',
    `# extends: ${BUILT_IN.join(' or ')}    # a built-in profile to lay this one over`,
    '',
    namespace ? `namespace: ${scalar(namespace)}` : '# namespace: shown first; 0 shows all',
    '',
    'sources:',
    ...taken.flatMap(source => sourceLines(source, '')),
    ...(others.length > 0 ? ['  # Also found:'] : []),
    ...others.flatMap(source => sourceLines(source, '# ')),
    ...(passed.length > 0 ? ['  # Passed over:', ...passed.map(sentence => `  #   ${sentence}`)] : []),
    '',
    '# thresholds:',
    '#   quotaWarnPercent: 80',
    '#   poolConnectionsWarnPercent: 80',
    '# keys:',
    '#   zoom: z',
    '',
  ].join('\n');
}

function sourceLines({ title, note, name, options }: Found, prefix: string): string[] {
  const text = stringify({ [name]: options }, { lineWidth: 0 }).trimEnd();
  return [`  # ${title}${note ? ` (${note})` : ''}`, ...text.split('\n').map(line => `  ${prefix}${line}`)];
}

const scalar = (text: string): string => stringify(text).trimEnd();
