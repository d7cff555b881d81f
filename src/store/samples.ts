import { Worker } from 'node:worker_threads';
import { type Point, type Samples, type SeriesKey, stepFor } from '../model/series.ts';
import { type Trouble, TroubleError } from '../model/trouble.ts';
import type { SamplesOrder, SamplesReport } from './samples-worker.ts';
import { storeTrouble } from './store-trouble.ts';

/**
 * The samples in the store at this path; `:memory:` keeps them until it is closed. They are written and read by a thread
 * of their own, so that no disk and no other program holds up the screen; it is started for the first of them.
 *
 * @param onTrouble told when keeping fails, once until it works again
 */
export function openSamples(path: string, onTrouble: (trouble: Trouble) => void = () => {}): Samples {
  let thread: Samples | null = null;
  let closed = false;
  const started = () => {
    if (closed) throw new TroubleError(storeTrouble('read samples', path, 'the store is closed'));
    thread ??= startThread(path, onTrouble);
    return thread;
  };
  return {
    add: (at, samples) => started().add(at, samples),
    series: async (...asked) => started().series(...asked),
    async close() {
      closed = true;
      await thread?.close();
    },
  };
}

function startThread(path: string, onTrouble: (trouble: Trouble) => void): Samples {
  const worker = new Worker(new URL(SCRIPT, import.meta.url), { workerData: { path }, execArgv: [] });
  const waiting = new Map<number, { resolve(points: Point[]): void; reject(error: Error): void }>();
  let asked = 0;
  let failing = false;
  let ended: Trouble | null = null;
  worker.unref();
  const order = (order: SamplesOrder) => worker.postMessage(order);
  const answered = (ask: number) => {
    const asker = waiting.get(ask);
    waiting.delete(ask);
    if (waiting.size === 0) worker.unref();
    return asker;
  };
  const kept = (trouble: Trouble | null) => {
    if (trouble && !failing) onTrouble(trouble);
    failing = trouble !== null;
  };
  worker.on('message', (report: SamplesReport) => {
    if (report.type === 'kept') kept(report.trouble);
    else if (report.type === 'read') answered(report.ask)?.resolve(pointsOf(report.numbers));
    else answered(report.ask)?.reject(new TroubleError(report.trouble));
  });
  worker.on('error', error => kept(storeTrouble('keep samples', path, error)));
  const gone = new Promise<void>(resolve => {
    worker.on('exit', () => {
      ended = storeTrouble('read samples', path, 'the store is closed');
      for (const ask of [...waiting.keys()]) answered(ask)?.reject(new TroubleError(ended));
      resolve();
    });
  });
  return {
    add: (at, samples) => order({ type: 'add', at, samples }),
    async series(key: SeriesKey, from, to, stepMs = stepFor(to - from)) {
      if (ended) throw new TroubleError(ended);
      const ask = asked++;
      const points = new Promise<Point[]>((resolve, reject) => waiting.set(ask, { resolve, reject }));
      worker.ref();
      order({ type: 'read', ask, key, from, to, stepMs });
      return { stepMs, points: await points };
    },
    async close() {
      order({ type: 'close' });
      worker.ref();
      const late = setTimeout(() => worker.terminate(), CLOSE_MS);
      await gone;
      clearTimeout(late);
    },
  };
}

/** In the bundle it stands beside us under its own name. */
const SCRIPT = import.meta.url.endsWith('.ts') ? './samples-worker.ts' : './samples-worker.js';
/** What a hanging disk has not taken by then is lost. */
const CLOSE_MS = 2_000;

function pointsOf(numbers: Float64Array): Point[] {
  return Array.from({ length: numbers.length / 5 }, (_, row) => {
    const [at = 0, mean = 0, min = 0, max = 0, count = 0] = numbers.subarray(row * 5, row * 5 + 5);
    return { at, mean, min, max, count };
  });
}
