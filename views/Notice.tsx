import { Text } from 'ink';
import { useKeys } from '../hooks/use-keys.ts';

export interface NoticeProps {
  text: string;
  quit(): void;
}

/** A line while there is nothing else to show yet. Keys but those that leave are typed too early: they do nothing. */
export function Notice({ text, quit }: NoticeProps) {
  useKeys({ press: key => (key === 'q' || key === 'Ctrl+c') && quit() }, () => {});
  return <Text> {text}</Text>;
}
