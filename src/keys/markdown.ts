import { KEYS, TOPIC_TITLES, type Topic } from './table.ts';

/** The page of the documentation that lists the keys. */
export function keysMarkdown(): string {
  const topics = (Object.keys(TOPIC_TITLES) as Topic[]).map(topic => {
    const rows = KEYS.filter(key => key.topic === topic).map(
      ({ keys, action, help }) => `| ${keys.map(key => `\`${key}\``).join(' ')} | ${help} | \`${action}\` |`,
    );
    return [
      `## ${TOPIC_TITLES[topic]}`,
      '',
      '| keys | what it does | name in a profile |',
      '|---|---|---|',
      ...rows,
    ].join('\n');
  });
  const intro =
    'Any of them can be given another key in the profile: `keys: {zoom: Z}`. Ctrl+C closes what is open; twice, it quits.';
  return `# Keys\n\n${intro}\n\n${topics.join('\n\n')}\n`;
}
