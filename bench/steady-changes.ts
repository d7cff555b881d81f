import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from './measurement.ts';
import { shareOfCore, withPods } from './pods-screen.ts';

const BUSY_MS = 20_000;
const SETTLED_MS = 10_000;

/** What 50 changes a second cost, and send. */
export async function steadyChanges(): Promise<Figure[]> {
  return withPods({ changes: 50 }, async program => {
    await sleep(SETTLED_MS);
    const sent = Buffer.byteLength(program.written);
    const share = await shareOfCore(program.pid, BUSY_MS);
    const bytes = (Buffer.byteLength(program.written) - sent) / (BUSY_MS / 1_000);
    const busy = '10,000 pods, 50 changes a second';
    return [
      { name: `${busy}: share of a core`, value: share * 100, unit: '%' },
      { name: `${busy}: sent in a second`, value: bytes, unit: 'bytes' },
    ];
  });
}
