import { Box, Text, Transform } from 'ink';
import type { Rect } from '../src/screen/layout.ts';

/**
 * Lines that are already cut to the width of their rectangle, put where it is. Ink measures and wraps a text of as many
 * empty lines and takes ours as they are: a third of the cost of a Text for each row (seen with 8.0).
 */
export function Lines({ rect, lines, ascii = false }: { rect: Rect; lines: string[]; ascii?: boolean }) {
  if (lines.length === 0) return null;
  return (
    <Box position="absolute" left={rect.left} top={rect.top} width={rect.width} height={rect.height}>
      <Transform transform={(_, row) => shown(lines[row] ?? '', ascii)}>
        <Text>{'\n'.repeat(lines.length - 1) || ' '}</Text>
      </Transform>
    </Box>
  );
}

/** The sign of a cut is ours wherever it stands. */
const shown = (line: string, ascii: boolean) => (ascii ? line.replaceAll('…', '~') : line);
