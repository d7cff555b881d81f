import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDemo } from '../src/demo/client.ts';
import { type CountingRelay, countingRelay } from '../test/helpers/counting-relay.ts';
import { makeManyServices } from '../test/helpers/many-services.ts';
import type { Figure } from './measurement.ts';
import { processorMs } from './process.ts';
import { FRAME, msUntil, newHome, SEED, withScreen } from './screen.ts';

const NAME = 'swarm of 332 services and 3,028 tasks';
const LISTED = /3\d\d workloads · 30\d\d pods/;
const SETTLED_MS = 5_000;
const MINUTE_MS = 60_000;

/** What it takes to see a big swarm and to go on watching it at rest; calls and bytes are counted between the two. */
export async function swarm(): Promise<Figure[]> {
  const demo = await startDemo({ seed: SEED, scenario: 'still' });
  const source = demo.profile.sources?.swarm as { host: string };
  const { hostname, port } = new URL(source.host);
  await makeManyServices(`http://${hostname}:${port}`);
  await sleep(SETTLED_MS);
  const relay = await countingRelay(hostname, Number(port));
  try {
    return await watch(relay);
  } finally {
    await relay.close();
    await demo.close();
  }
}

async function watch(relay: CountingRelay): Promise<Figure[]> {
  const home = newHome();
  const profile = join(home, 'bench.json');
  const source = { kind: 'swarm', host: `tcp://127.0.0.1:${relay.port}` };
  writeFileSync(profile, JSON.stringify({ name: 'bench', sources: { swarm: source } }));
  // What is compiled once is there already, as it is for whoever starts it a second time.
  await withScreen({ profile, home }, async (program, from) => void (await msUntil(program, LISTED, from)));
  const earlier = relay.asked.length;
  return withScreen({ profile, home }, async (program, from) => {
    await msUntil(program, FRAME, from);
    const painted = performance.now();
    const listed = await msUntil(program, LISTED, painted);
    const processor = processorMs(program.pid);
    const calls = relay.asked.length - earlier;
    await sleep(SETTLED_MS);
    const before = { calls: relay.asked.length, bytes: relay.bytes, processor: processorMs(program.pid) };
    const written = Buffer.byteLength(program.written);
    await sleep(MINUTE_MS);
    const spent = processorMs(program.pid) - before.processor;
    return [
      { name: `${NAME}: first paint to the list`, value: listed, unit: 'ms' },
      { name: `${NAME}: processor time from the start to the list`, value: processor, unit: 'ms' },
      { name: `${NAME}: calls until then`, value: calls, unit: 'calls' },
      { name: `${NAME}: calls in a minute at rest`, value: relay.asked.length - before.calls, unit: 'calls' },
      { name: `${NAME}: answered in a minute at rest`, value: (relay.bytes - before.bytes) / 2 ** 20, unit: 'MiB' },
      { name: `${NAME}: processor, of a core, at rest`, value: (spent / MINUTE_MS) * 100, unit: '%' },
      {
        name: `${NAME}: to the terminal in that minute`,
        value: Buffer.byteLength(program.written) - written,
        unit: 'bytes',
      },
    ];
  });
}
