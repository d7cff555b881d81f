import { Box, Text, Transform } from 'ink';
import type { Rect } from '../src/screen/layout.ts';

/**
 * Lines that are already cut to the width of their rectangle, put where it is. Ink measures and wraps a text of as many
 * empty lines and takes ours as they are: a third of the cost of a Text for each row (seen with 8.0).
 */
export function Lines({ rect, lines }: { rect: Rect; lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <Box position="absolute" left={rect.left} top={rect.top} width={rect.width} height={rect.height}>
      <Transform transform={(_, row) => lines[row] ?? ''}>
        <Text>{'\n'.repeat(lines.length - 1) || ' '}</Text>
      </Transform>
    </Box>
  );
}
