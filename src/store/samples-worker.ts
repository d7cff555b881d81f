import { parentPort, workerData } from 'node:worker_threads';
import type { Sample, SeriesKey, StepMs } from '../model/series.ts';
import { type Trouble, TroubleError } from '../model/trouble.ts';
import { SampleTables } from './sample-tables.ts';
import { storeTrouble } from './store-trouble.ts';

/** What the thread of the samples is asked. */
export type SamplesOrder =
  | { type: 'add'; at: number; samples: readonly Sample[] }
  | { type: 'read'; ask: number; key: SeriesKey; from: number; to: number; stepMs: StepMs }
  | { type: 'close' };

/** What it answers: five numbers for each point, in the order of `Point`. */
export type SamplesReport =
  | { type: 'kept'; trouble: Trouble | null }
  | { type: 'read'; ask: number; numbers: Float64Array<ArrayBuffer> }
  | { type: 'unread'; ask: number; trouble: Trouble };

const { path } = workerData as { path: string };
let tables: SampleTables | null = null;
const tell = (report: SamplesReport, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(report, transfer);

/** Opened when it is needed, again and again while that fails. */
const opened = () => (tables ??= new SampleTables(path));

parentPort?.on('message', (order: SamplesOrder) => {
  switch (order.type) {
    case 'add':
      try {
        opened().add(order.at, order.samples);
        return tell({ type: 'kept', trouble: null });
      } catch (error) {
        return tell({ type: 'kept', trouble: troubleOf('keep samples', error) });
      }
    case 'read':
      try {
        const points = opened().points(order.key, order.from, order.to, order.stepMs);
        const numbers = Float64Array.from(
          points.flatMap(({ at, mean, min, max, count }) => [at, mean, min, max, count]),
        );
        return tell({ type: 'read', ask: order.ask, numbers }, [numbers.buffer]);
      } catch (error) {
        return tell({ type: 'unread', ask: order.ask, trouble: troubleOf('read samples', error) });
      }
    case 'close':
      tables?.close();
      parentPort?.close();
  }
});

function troubleOf(what: string, error: unknown): Trouble {
  return error instanceof TroubleError ? error.trouble : storeTrouble(what, path, error);
}
