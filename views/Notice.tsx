import { Text } from 'ink';

/** A line while there is nothing else to show yet. */
export function Notice({ text }: { text: string }) {
  return <Text> {text}</Text>;
}
