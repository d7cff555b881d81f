import { Box } from 'ink';
import { useSyncExternalStore } from 'react';
import { useKeys } from '../hooks/use-keys.ts';
import type { Start } from '../src/screen/start.ts';
import { fit, wrap } from '../src/stage/width.ts';
import { paint, plain } from '../src/text/look.ts';
import { Lines } from './Lines.tsx';

export interface StartViewProps {
  start: Start;
  ascii: boolean;
  pressed(): void;
}

/** What was found on this machine, to choose from. */
export function StartView({ start, ascii, pressed }: StartViewProps) {
  useSyncExternalStore(start.subscribe, () => start.version);
  useKeys(start, pressed);
  const { columns, rows } = start.size;
  const lines = startLines(start, columns).slice(0, Math.max(0, rows - 1));
  return (
    <Box width={columns} height={rows}>
      <Lines
        rect={{ left: 0, top: 0, width: columns, height: rows - 1 }}
        lines={lines.map(line => plain(line, ascii))}
      />
      <Lines
        rect={{ left: 0, top: rows - 1, width: columns, height: 1 }}
        lines={[plain(footer(start, columns), ascii)]}
      />
    </Box>
  );
}

function startLines(start: Start, columns: number): string[] {
  const { choices, passed } = start.options;
  const found =
    choices.length > 0
      ? 'Found on this machine. What shall be watched?'
      : 'Nothing to watch was found on this machine.';
  const rows = choices.map((choice, index) => {
    const text = fit(
      `  [${start.isChosen(choice) ? 'x' : ' '}] ${choice.title}${choice.note ? `  ${choice.note}` : ''}`,
      columns,
    );
    return index === start.cursor ? paint('cursor', text) : text;
  });
  const demo = fit('      the embedded platform: a living demonstration, nothing real is touched', columns);
  return [
    fit(` ${paint('title', 'Quarterdeck')}`, columns),
    '',
    fit(`  ${found}`, columns),
    '',
    ...rows,
    ...(rows.length > 0 ? [''] : []),
    start.onDemo ? paint('cursor', demo) : demo,
    '',
    ...passed
      .flatMap(sentence => wrap(sentence, Math.max(10, columns - 4)))
      .map(line => paint('dim', fit(`  ${line}`, columns))),
  ];
}

function footer(start: Start, columns: number): string {
  const keys = ['↵ open', 'space choose', 'w write a profile', 'q quit'].join('   ');
  return fit(` ${start.message ?? keys}`, columns);
}
