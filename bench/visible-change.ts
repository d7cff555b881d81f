import { setTimeout as sleep } from 'node:timers/promises';
import { crowd } from './crowd.ts';
import { type Figure, percentile } from './measurement.ts';

const PODS = 10_000;
const CHANGES_PER_SECOND = 50;
const CHANGES = 1_000;
/** Of so many changes one is of a pod in sight. */
const SEEN_EVERY = 10;

/**
 * From a source's word that a pod in sight has changed, among 50 changes a second, to the write that shows it. What comes
 * before it, the API server's own way of telling, and the terminal after it are not in it.
 */
export async function visibleChange(): Promise<Figure[]> {
  const { fleet, sink, stage, out, names, pod, show } = crowd(PODS);
  fleet.subscribe(show);
  show();
  await stage.drawn();
  const [first = ''] = [...names].sort();
  const waits: number[] = [];
  let frames = 0;
  let waiting: { from: number; shows: string } | null = null;
  out.onWrite = text => {
    frames++;
    if (waiting && text.includes(waiting.shows)) {
      waits.push(performance.now() - waiting.from);
      waiting = null;
    }
  };
  const begun = performance.now();
  for (let change = 0; change < CHANGES; change++) {
    const isSeen = change % SEEN_EVERY === 0;
    // Each figure another one than before: as few cells as are written, they are all of it.
    const restarts = 1_111 * (1 + ((change / SEEN_EVERY) % 9));
    if (isSeen) waiting = { from: performance.now(), shows: String(restarts) };
    sink.put([isSeen ? pod(first, restarts) : pod(names[(change * 31) % PODS]!, change)]);
    // As a system's changes come: not in step with the frames.
    await sleep((2 * 1_000 * Math.abs(Math.sin(change))) / CHANGES_PER_SECOND / 1.273);
  }
  const seconds = (performance.now() - begun) / 1_000;
  stage.close();
  await fleet.stop();
  const name = '10,000 pods, 50 changes a second: change of a visible pod to the write';
  return [
    { name: `${name}, p50`, value: percentile(waits, 0.5), unit: 'ms' },
    { name: `${name}, p99`, value: percentile(waits, 0.99), unit: 'ms' },
    { name: `${name}, frames drawn in a second`, value: frames / seconds, unit: '×' },
  ];
}
