import type { Gateway } from '../actions/gateway.ts';
import { clockTime } from '../text/format.ts';
import { type Doc, newDoc } from './doc.ts';

/** The ports that are forwarded now; Enter on one ends it. */
export function forwardsDoc(gateway: Gateway, key: string): Doc {
  return newDoc('Forwarded ports', null, () => {
    const { background } = gateway;
    if (background.length === 0)
      return [{ text: `None is forwarded. ${key} on a pod, a workload or a service forwards one.`, tone: 'dim' }];
    return [
      ...background.map(action => ({
        text: `${action.words} · since ${clockTime(action.startedAt)}`,
        run: action.stop,
      })),
      { text: '' },
      { text: 'Enter ends the one under the cursor; all end with the program.', tone: 'dim' as const },
    ];
  });
}
