import { setTimeout as sleep } from 'node:timers/promises';
import { GIVEN, withApiServer } from './api-server.ts';
import type { Figure } from './measurement.ts';
import { podsTold, shareOfCore } from './pods-screen.ts';
import { processorMs, residentMegabytes } from './process.ts';
import { FRAME, msUntil, newHome, until, withScreen } from './screen.ts';

const SIZES = [1_000, 10_000, 50_000];
const BEFORE_MEMORY_MS = 30_000;
const STILL_MS = 30_000;
/** In the second pane; of all namespaces, as no profile names one. */
const ALL_PODS = '2t';
const FIRST_ROW = /\d\/\d (Running|Completed|Pending)/;

/**
 * From the first paint to all pods of all namespaces of one API server, and what they take, for more and more pods: the
 * command under a home that it knows, over a profile of that server alone. With BENCH_KUBECONFIG once, for the pods that
 * are there.
 */
export async function manyPods(): Promise<Figure[]> {
  if (GIVEN) return figuresOf(await load(0));
  const all: Loaded[] = [];
  for (const size of SIZES) all.push(await load(size));
  const [small, middle, big] = all as [Loaded, Loaded, Loaded];
  const perPod = (of: (loaded: Loaded) => number, less: Loaded, more: Loaded) =>
    (of(more) - of(less)) / (more.pods - less.pods);
  const growth = (name: string, of: (loaded: Loaded) => number): Figure => ({
    name: `a pod more: ${name}, from 10,000 to 50,000 as against 1,000 to 10,000`,
    value: perPod(of, middle, big) / perPod(of, small, middle),
    unit: '×',
  });
  return [
    ...all.flatMap(figuresOf),
    growth('processor time', ({ processor }) => processor),
    growth('memory', ({ memory }) => memory),
  ];
}

interface Loaded {
  pods: number;
  firstRow: number;
  allRows: number;
  /** Milliseconds of all threads until all rows were there. */
  processor: number;
  /** Megabytes, and so many more after another while. */
  memory: number;
  more: number;
  /** Of a core, 0 to 1, while nobody did anything. */
  share: number;
}

function load(about: number): Promise<Loaded> {
  return withApiServer(about, async ({ profile, pods }) => {
    const home = newHome();
    // What is compiled the first time is not compiled again.
    await withScreen({ profile, home }, async (program, startedAt) => {
      await msUntil(program, FRAME, startedAt);
      program.type(ALL_PODS);
      await msUntil(program, FIRST_ROW, startedAt);
    });
    return withScreen({ profile, home }, async (program, startedAt) => {
      const painted = startedAt + (await msUntil(program, FRAME, startedAt));
      const before = processorMs(program.pid);
      program.type(ALL_PODS);
      const firstRow = await msUntil(program, FIRST_ROW, painted);
      await until(() => podsTold(program) >= pods, `not all pods are told:\n${program.text()}`);
      const [allRows, processor] = [performance.now() - painted, processorMs(program.pid) - before];
      await sleep(BEFORE_MEMORY_MS);
      const memory = residentMegabytes(program.pid);
      const share = await shareOfCore(program.pid, STILL_MS);
      return { pods, firstRow, allRows, processor, memory, share, more: residentMegabytes(program.pid) - memory };
    });
  });
}

function figuresOf({ pods, firstRow, allRows, processor, memory, more, share }: Loaded): Figure[] {
  const name = (what: string) => `${pods.toLocaleString('en')} pods: ${what}`;
  return [
    { name: name('first paint to the first row'), value: firstRow, unit: 'ms' },
    { name: name('first paint to all rows with their count'), value: allRows, unit: 'ms' },
    { name: name('processor time from first paint to all rows'), value: processor, unit: 'ms' },
    { name: name('memory (RSS) after 30 s'), value: memory, unit: 'MB' },
    { name: name('memory, another 30 s later, more by'), value: more, unit: 'MB' },
    { name: name('share of a core meanwhile'), value: share * 100, unit: '%' },
  ];
}
