import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from './measurement.ts';
import { allPanesLive, withScreen } from './screen.ts';

/** The first forecasts are news, and those of the second samples, once more is known, can be. */
const SETTLED_MS = 45_000;
const MINUTE_MS = 60_000;

/** What is sent in a minute in which nothing happens; 200×50, the clock off. */
export async function idleBytes(): Promise<Figure[]> {
  return withScreen({ args: ['--demo-scenario', 'still'] }, async program => {
    await allPanesLive(program);
    await sleep(SETTLED_MS);
    const before = Buffer.byteLength(program.written);
    await sleep(MINUTE_MS);
    return [{ name: 'sent in 60 s at rest', value: Buffer.byteLength(program.written) - before, unit: 'bytes' }];
  });
}
