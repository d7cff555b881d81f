import type { Fleet } from '../../src/fleet/fleet.ts';
import { KeyMap } from '../../src/keys/table.ts';
import { Screen } from '../../src/screen/screen.ts';
import { gatewayFor } from './gateway-for.ts';

/** The state of a screen over a fleet, with nothing around it that anything could be done to. */
export function screenOver(
  fleet: Fleet,
  { ascii = false, banner = null }: { ascii?: boolean; banner?: string | null } = {},
): Screen {
  const none = () => {};
  const on = { quit: none, suspend: () => true, redraw: none, mouse: none, copy: none, trigger: async () => null };
  const drawn = (callback: () => void) => callback();
  const gateway = gatewayFor(fleet);
  const keys = new KeyMap();
  return new Screen({ fleet, gateway, keys, namespace: null, ascii, banner, triggers: [], on: { ...on, drawn } });
}
