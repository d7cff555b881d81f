import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Demo, startDemo } from '../src/demo/client.ts';
import type { PtyProgram } from '../test/helpers/pty-program.ts';
import { clusterAt, json, newestNumber, type PlainReader, readPlainly } from './log-reader.ts';
import { type Figure, median, percentile } from './measurement.ts';
import { processorMs, residentMegabytes } from './process.ts';
import { newHome, SEED, until, withScreen } from './screen.ts';

/** 40,000 lines in ten bursts. */
const BURSTS = { lines: 4_000, everyMs: 2_000, seconds: 20 };
const STEADY = { lines: 200, everyMs: 20, seconds: 60 };
const LOOK_MS = 10;
const SETTLED_MS = 3_000;
const WARM_MS = 15_000;

interface Watched {
  source: 'kubernetes' | 'swarm';
  /** With one replica. */
  workload: string;
  read(demo: Demo): Promise<PlainReader>;
}

/**
 * Logs that are written fast by the embedded platform, in a process of its own: the program's screen beside a plain
 * reader of the same log. Both begin before the flood, so that both have had the same lines.
 */
export async function logs(): Promise<Figure[]> {
  const demo = await startDemo({ seed: SEED, scenario: 'still' });
  try {
    return [
      ...(await flood(demo, SWARM, BURSTS, 'logs, 40,000 lines in 10 bursts')),
      ...(await flood(demo, KUBERNETES, STEADY, 'logs, 10,000 lines a second')),
    ];
  } finally {
    await demo.close();
  }
}

async function flood(demo: Demo, watched: Watched, how: typeof STEADY, name: string): Promise<Figure[]> {
  const home = newHome();
  const profile = join(home, 'bench.json');
  const { [watched.source]: source } = demo.profile.sources ?? {};
  writeFileSync(profile, JSON.stringify({ name: 'bench', sources: { [watched.source]: source } }));
  return withScreen({ profile, home }, async program => {
    await openLog(program, watched.workload);
    const reader = await watched.read(demo);
    const ahead = await usualLead(reader, program);
    const failure = await demo.trigger('log-flood', { workload: watched.workload, ...how });
    if (failure) throw new Error(failure);
    const lags: number[] = [];
    const behind: number[] = [];
    const before = processorMs(program.pid);
    const begun = performance.now();
    const end = begun + how.seconds * 1000;
    let warm: number | null = null;
    while (performance.now() < end) {
      await sleep(LOOK_MS);
      const now = performance.now();
      if (warm === null && now - begun > WARM_MS) warm = residentMegabytes(program.pid);
      const shown = newestNumber(program.text()) ?? -1;
      const since = reader.beyond(shown);
      lags.push(since === null ? 0 : now - since);
      behind.push(Math.max(0, reader.newest - shown));
    }
    const busy = (processorMs(program.pid) - before) / (performance.now() - begun);
    const memory = residentMegabytes(program.pid);
    await until(() => newestNumber(program.text()) === reader.newest, 'the end of the log is not shown');
    const lost = (await usualLead(reader, program)) - ahead;
    reader.close();
    return [
      { name: `${name}: screen behind a plain reader, p99`, value: percentile(lags, 0.99), unit: 'ms' },
      { name: `${name}: the same at most`, value: Math.max(...lags), unit: 'ms' },
      { name: `${name}: the same in lines, p99`, value: percentile(behind, 0.99), unit: 'lines' },
      { name: `${name}: processor, of a core`, value: busy * 100, unit: '%' },
      { name: `${name}: memory (RSS) after ${WARM_MS / 1000} s`, value: warm ?? Number.NaN, unit: 'MB' },
      { name: `${name}: memory (RSS) at the end`, value: memory, unit: 'MB' },
      { name: `${name}: lines that neither are kept nor told as dropped`, value: lost, unit: 'lines' },
    ];
  });
}

const KUBERNETES: Watched = {
  source: 'kubernetes',
  workload: 'notification-service',
  async read({ profile }) {
    const { server, options } = clusterAt(profile);
    const pods = `${server}/api/v1/namespaces/saasodoo/pods`;
    const { items } = (await json(pods, options)) as { items: { metadata: { name: string } }[] };
    const pod = items.find(({ metadata }) => metadata.name.startsWith('notification-service-'))?.metadata.name;
    return readPlainly(`${pods}/${pod}/log?follow=true&timestamps=true&tailLines=500`, options);
  },
};

const SWARM: Watched = {
  source: 'swarm',
  workload: 'saasodoo_user-service',
  async read({ profile }) {
    const source = profile.sources?.swarm as { host: string };
    const url = source.host.replace('tcp:', 'http:');
    const filters = encodeURIComponent('{"service":["saasodoo_user-service"],"desired-state":["running"]}');
    const [task] = (await json(`${url}/tasks?filters=${filters}`)) as { ID: string }[];
    return readPlainly(`${url}/tasks/${task?.ID}/logs?stdout=1&stderr=1&timestamps=1&follow=1&tail=500`);
  },
};

async function openLog(program: PtyProgram, workload: string): Promise<void> {
  await until(() => /\d+ workloads · \d+ pods/.test(program.text()), 'the workloads are not listed');
  program.type(`2/${workload}\r`);
  await until(() => program.text().includes(workload), 'the workload is not found');
  program.type('l');
  await until(() => /log, last 500/.test(program.text()) && told(program) > 100, 'no log is shown');
}

/** How many lines more the reader has had than the screen tells of, where nothing is on its way to only one of them. */
async function usualLead(reader: PlainReader, program: PtyProgram): Promise<number> {
  const leads: number[] = [];
  for (const end = performance.now() + SETTLED_MS; performance.now() < end; await sleep(LOOK_MS))
    leads.push(reader.lines - told(program));
  return median(leads);
}

/** What the title says: lines that are kept, and that were dropped. */
function told(program: PtyProgram): number {
  const [, kept = '0', dropped = '0'] =
    /([\d,]+) lines?(?: · ([\d,]+) older dropped)? · following/.exec(program.text()) ?? [];
  return Number(kept.replaceAll(',', '')) + Number(dropped.replaceAll(',', ''));
}
