import { useLayoutEffect, useSyncExternalStore } from 'react';
import { useKeys } from '../hooks/use-keys.ts';
import type { Start } from '../src/screen/start.ts';
import type { Picture } from '../src/stage/picture.ts';
import { startPicture } from './start-picture.ts';

export interface StartViewProps {
  start: Start;
  ascii: boolean;
  pressed(): void;
  /** Puts a picture on the terminal. */
  show(picture: Picture): void;
}

/** The start screen, which draws itself again when it has changed. */
export function StartView({ start, ascii, pressed, show }: StartViewProps) {
  useSyncExternalStore(start.subscribe, () => start.version);
  useKeys(start, pressed);
  const picture = startPicture(start, ascii);
  useLayoutEffect(() => show(picture));
  return null;
}
