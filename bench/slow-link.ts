import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, percentile } from './measurement.ts';
import { keyLatencies, withPods } from './pods-screen.ts';

const BYTES_PER_SECOND = 25_000;
const KEYS = 200;
const SETTLED_MS = 5_000;

/** 10,000 pods over a link that carries 25 KB a second, 100 changes a second. */
export async function slowLink(): Promise<Figure[]> {
  const slow = await withPods({ changes: 100, bytesPerSecond: BYTES_PER_SECOND }, async program => {
    await sleep(SETTLED_MS);
    return keyLatencies(program, KEYS);
  });
  const name = '10,000 pods, 100 changes a second, 25 KB/s: key to the screen';
  return [
    { name: `${name}, p50`, value: percentile(slow, 0.5), unit: 'ms' },
    { name: `${name}, p95`, value: percentile(slow, 0.95), unit: 'ms' },
  ];
}
