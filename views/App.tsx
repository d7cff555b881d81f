import { useLayoutEffect } from 'react';
import { useClock } from '../hooks/use-clock.ts';
import { useKeys } from '../hooks/use-keys.ts';
import { useFleet, useScreen } from '../hooks/use-screen.ts';
import type { Screen } from '../src/screen/screen.ts';
import type { Picture } from '../src/stage/picture.ts';
import { type Around, screenPicture } from './screen-picture.ts';

export interface AppProps {
  screen: Screen;
  around: Omit<Around, 'slow'>;
  /** Called before each key is obeyed: what it changes must be drawn at once. */
  pressed(): void;
  /** Whether the terminal takes what is written slowly. */
  isSlow(): boolean;
  /** Puts on the terminal what `look` returns when it is time. */
  show(look: () => Picture): void;
}

/** The screen, which draws itself again when it, the fleet or a shown time has changed. Ink reads its keys and draws nothing. */
export function App({ screen, around, pressed, isSlow, show }: AppProps) {
  const { fleet } = screen.options;
  useScreen(screen);
  useFleet(fleet);
  useClock(fleet, around.clock === 'seconds' || screen.docs.length > 0);
  useKeys(screen, pressed);
  useLayoutEffect(() => show(() => screenPicture(screen, { ...around, slow: isSlow() })));
  return null;
}
