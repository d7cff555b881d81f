import { Box, Text } from 'ink';
import type { Rect } from '../src/screen/layout.ts';

/** Lines that are already cut to the width of their rectangle, put where it is. */
export function Lines({ rect, lines }: { rect: Rect; lines: string[] }) {
  return (
    <Box
      position="absolute"
      left={rect.left}
      top={rect.top}
      width={rect.width}
      height={rect.height}
      flexDirection="column"
    >
      {lines.map((line, row) => (
        <Text key={row} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}
