import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PARTS } from '../testbed/bed.ts';
import type { SoakBed } from './bed.ts';
import { sidesOf } from './compare.ts';
import { embeddedBed } from './embedded-bed.ts';
import { endure } from './endure.ts';
import { faultsOfProgram } from './faults.ts';
import { throughLinks } from './links.ts';
import { Observer } from './observer.ts';
import { planOf } from './plan.ts';
import { realBed } from './real-bed.ts';
import { memoryVerdict, requestsVerdict, type Verdict } from './verdict.ts';

/**
 * `npm run soak -- --minutes N --seed S [--parts kubernetes,swarm,ceph,databases] [--embedded]`: the program against the
 * test bed, or the embedded platform, while a fault is injected every 20 seconds. Says of each fault what the program
 * showed of it, and whether at the end all is as it was. Exit code 1 when it is not.
 */
const USAGE = `node test/soak/main.ts [--minutes N] [--seed S] [--parts ${PARTS.join(',')}] [--embedded]`;
/** Everything is mended: so long may it take until all is live, and until both sides say the same. */
const SETTLE_MS = 120_000;

interface Wanted {
  minutes: number;
  seed: number;
  parts: readonly string[];
  embedded: boolean;
}

async function main(wanted: Wanted, signal: AbortSignal): Promise<number> {
  const { minutes, seed, parts, embedded } = wanted;
  console.log(`soak: ${minutes} minutes, seed ${seed}, ${embedded ? 'the embedded platform' : parts.join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-soak-'));
  const ends: (() => Promise<void>)[] = [];
  try {
    let bed: SoakBed | undefined;
    const opened = (one: SoakBed) => {
      bed = one;
      ends.push(
        () => one.close(),
        () => one.heal(),
      );
    };
    if (embedded) opened(await embeddedBed(seed));
    else await realBed(parts, folder, opened);
    if (!bed || signal.aborted) return 1;
    for (const line of bed.told) console.log(line);
    const links = await throughLinks(bed, folder);
    ends.push(links.close);
    Object.assign(process.env, bed.env);
    const observer = new Observer({ sources: links.sources, storePath: join(folder, 'store.db') }, bed.env);
    ends.push(() => observer.close());
    const verdicts = await soak(wanted, bed, links, observer, signal);
    if (signal.aborted) return 1;
    await observer.close();
    verdicts.push({
      check: 'nothing went unhandled',
      wrong: observer.faults.length > 0 ? observer.faults : null,
      told: '',
    });
    return judged(verdicts);
  } finally {
    // What came last goes first.
    for (const end of ends.reverse()) await end().catch(error => console.log(`cleaning up: ${error.message}`));
    rmSync(folder, { recursive: true, force: true });
  }
}

type Links = Awaited<ReturnType<typeof throughLinks>>;

async function soak(
  { minutes, seed }: Wanted,
  bed: SoakBed,
  links: Links,
  observer: Observer,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const names = Object.keys(bed.sources);
  const atStart = await liveVerdict(observer, names, signal);
  if (atStart.wrong) return [{ ...atStart, told: 'at the start' }];
  const program = async ([word]: string[]) => (word === 'stop' ? observer.stop() : observer.continue());
  const hands = { ...bed.hands, ...links.hands, program };
  const plan = planOf(seed, minutes, [...bed.rows, ...links.rows, ...faultsOfProgram(names)]);
  const { failures, faults } = await endure(plan, { hands, observer, say: console.log, signal });
  if (signal.aborted) return [];
  for (const heal of [links.heal, bed.heal]) await heal().catch(error => failures.push(`heal: ${error.message}`));
  const kinds = Object.fromEntries(Object.entries(bed.sources).map(([name, { kind }]) => [name, kind]));
  const last = observer.samples.at(-1);
  const verdicts = [
    {
      check: 'every fault took effect and was mended',
      wrong: failures.length > 0 ? failures : null,
      told: `${plan.length} faults`,
    },
    await liveVerdict(observer, names, signal),
  ];
  for (const name of names) verdicts.push(...(await equalVerdict(name, bed, observer, signal)));
  verdicts.push(memoryVerdict(observer.samples), requestsVerdict(last, kinds, faults));
  if (last)
    console.log(`the program took ${last.cpuSeconds.toFixed(0)} s of processor time in ${last.at.toFixed(0)} s`);
  return verdicts;
}

async function liveVerdict(observer: Observer, names: readonly string[], signal: AbortSignal): Promise<Verdict> {
  const check = 'every source is live and complete';
  const begun = performance.now();
  const since = Date.now();
  let wrong: string[] = [];
  const isWell = async () => {
    wrong = await observer.away(names, since);
    if (wrong.length === 0) wrong = (await observer.picture()).lacking;
    return wrong.length === 0;
  };
  const well = await soon(isWell, signal);
  return {
    check,
    wrong: well ? null : wrong,
    told: `${((performance.now() - begun) / 1000).toFixed(0)} s after the last`,
  };
}

/** Asked again and again: what lives may move between two questions. */
async function equalVerdict(name: string, bed: SoakBed, observer: Observer, signal: AbortSignal): Promise<Verdict[]> {
  const options = bed.sources[name];
  if (!options) return [];
  let wrong: string[] | null = ['it was not asked'];
  let lines = 0;
  let isAskable = true;
  const isEqual = async () => {
    try {
      const sides = await sidesOf(options, async () => (await observer.picture()).nouns);
      if (!sides) isAskable = false;
      if (!sides) return true;
      const { ours, theirs } = sides;
      lines = theirs.length;
      const [left, right] = [new Set(ours), new Set(theirs)];
      const more = ours.filter(each => !right.has(each)).map(each => `only the fleet says:  ${each}`);
      const less = theirs.filter(each => !left.has(each)).map(each => `only the system says: ${each}`);
      wrong = [...more, ...less];
      if (ours.length !== theirs.length) wrong.push(`the fleet has ${ours.length} lines, the system ${theirs.length}`);
      return wrong.length === 0;
    } catch (error) {
      wrong = [error instanceof Error ? error.message : String(error)];
      return false;
    }
  };
  const equal = await soon(isEqual, signal);
  return isAskable
    ? [{ check: `${name}: the fleet holds what the system holds`, wrong: equal ? null : wrong, told: `${lines} lines` }]
    : [];
}

async function soon(isSo: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  const end = performance.now() + SETTLE_MS;
  while (!signal.aborted && performance.now() < end) {
    if (await isSo()) return true;
    await sleep(500, undefined, { signal }).catch(() => {});
  }
  return false;
}

function judged(verdicts: readonly Verdict[]): number {
  console.log('');
  for (const { check, wrong, told } of verdicts) {
    console.log(`${wrong ? 'FAILED' : 'ok    '} ${check}${told && ` (${told})`}`);
    for (const text of wrong?.slice(0, 20) ?? []) console.log(`         ${text}`);
    if (wrong && wrong.length > 20) console.log(`         and ${wrong.length - 20} more`);
  }
  return verdicts.every(({ wrong }) => wrong === null) ? 0 : 1;
}

function wantedOf(argv: string[]): Wanted | null {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        minutes: { type: 'string', default: '20' },
        seed: { type: 'string', default: String(Date.now() % 100_000) },
        parts: { type: 'string', default: PARTS.join(',') },
        embedded: { type: 'boolean', default: false },
      },
    });
    const [minutes, seed, parts] = [Number(values.minutes), Number(values.seed), values.parts.split(',')];
    const isSound = minutes >= 2 && Number.isInteger(seed) && parts.every(part => PARTS.includes(part));
    return isSound ? { minutes, seed, parts, embedded: values.embedded } : null;
  } catch {
    return null;
  }
}

/** The bed did not come up, or did not last. */
function told(error: Error): number {
  console.error(`soak: ${error.message}`);
  return 1;
}

const wanted = wantedOf(process.argv.slice(2));
const ended = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => {
    if (!ended.signal.aborted) console.log(`${name}: what is broken is mended, and all is taken down`);
    ended.abort();
  });
if (!wanted) console.error(USAGE);
process.exitCode = wanted ? await main(wanted, ended.signal).catch(told) : 64;
