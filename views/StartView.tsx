import { useLayoutEffect, useSyncExternalStore } from 'react';
import { useKeys } from '../hooks/use-keys.ts';
import type { Start } from '../src/screen/start.ts';
import type { Picture } from '../src/stage/picture.ts';
import { startPicture } from './start-picture.ts';

export interface StartViewProps {
  start: Start;
  ascii: boolean;
  pressed(): void;
  /** Puts on the terminal what `look` returns when it is time. */
  show(look: () => Picture): void;
}

/** The start screen, which draws itself again when it has changed. */
export function StartView({ start, ascii, pressed, show }: StartViewProps) {
  useSyncExternalStore(start.subscribe, () => start.version);
  useKeys(start, pressed);
  useLayoutEffect(() => show(() => startPicture(start, ascii)));
  return null;
}
