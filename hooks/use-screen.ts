import { useSyncExternalStore } from 'react';
import type { Fleet } from '../src/fleet/fleet.ts';
import type { Screen } from '../src/screen/screen.ts';

/** Draws again when a key or a resize changed the screen. */
export function useScreen(screen: Screen): number {
  return useSyncExternalStore(screen.subscribe, () => screen.version);
}

/** Draws again when the fleet tells of a change, which it does at the frame rate at most. */
export function useFleet(fleet: Fleet): number {
  return useSyncExternalStore(fleet.subscribe, fleet.frame);
}
