import { KEYS, PART_TITLES } from './table.ts';

/** The page of the documentation that lists the keys. */
export function keysMarkdown(): string {
  const parts = (['list', 'everywhere'] as const).map(part => {
    const rows = KEYS.filter(key => key.part === part).map(
      ({ keys, action, help }) => `| ${keys.map(key => `\`${key}\``).join(' ')} | ${help} | \`${action}\` |`,
    );
    return [
      `## ${PART_TITLES[part]}`,
      '',
      '| keys | what it does | name in a profile |',
      '|---|---|---|',
      ...rows,
    ].join('\n');
  });
  const intro =
    'Any of them can be given another key in the profile: `keys: {zoom: Z}`. Ctrl+C closes what is open; twice, it quits.';
  return `# Keys\n\n${intro}\n\n${parts.join('\n\n')}\n`;
}
