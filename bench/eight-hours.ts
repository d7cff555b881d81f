import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Painter } from '../src/stage/painter.ts';
import { node } from '../test/helpers/nouns.ts';
import { screenPicture } from '../views/screen-picture.ts';
import { crowd } from './crowd.ts';
import type { Figure } from './measurement.ts';

const PODS = 2_000;
const HOURS = 8;
const HOUR_MS = 3_600_000;
const STEP_MS = 10_000;
/** In ten seconds: pods that are replaced by others of another name, and pods that change. */
const REPLACED = 30;
const CHANGED = 50;
const KEYS = ['j', 'PageDown', '/', 't', 'e', 'Esc', 'd', 'Esc', 'i', 'Esc', '?', 'Esc', 'g', 'g'];

/** Eight hours of churn, in which a turned clock takes the place of a real one: what the screen and all below it keep. */
export async function eightHours(): Promise<Figure[]> {
  let now = Date.UTC(2026, 10, 23, 6);
  const { fleet, sink, screen, names, pod } = crowd(PODS, { now: () => now, everyMs: 0 });
  const painter = new Painter(screen.size.columns, screen.size.rows, 'full');
  const draw = () => painter.paint(screenPicture(screen, { title: 'bench', clock: 'minutes', slow: false }));
  const live: number[] = [];
  let made = 0;
  for (let hour = 0; hour < HOURS; hour++) {
    for (let ms = 0; ms < HOUR_MS; ms += STEP_MS) {
      now += STEP_MS;
      for (let n = 0; n < REPLACED; n++, made++) {
        const at = made % PODS;
        sink.remove('replica', [pod(names[at]!, 0).id]);
        names[at] = `odoo-${made.toString(36)}-tenant${String(at).padStart(5, '0')}`;
        sink.put([pod(names[at]!, 0)]);
        sink.event({
          ...{ key: `event/${made}`, at: now, severity: 'warn', source: 'prod', about: null, count: 1 },
          ...{ subject: `pod/${names[at]}`, reason: 'Created', message: `in place of another, é\u0301 ${made}` },
        });
      }
      sink.put(Array.from({ length: CHANGED }, (_, n) => pod(names[(made * 31 + n) % PODS]!, n)));
      sink.put([node(`w${made % 100}`, { cpuUsedMillicores: made % 4_000 })]);
      fleet.flush();
      draw();
      screen.press(KEYS[(ms / STEP_MS) % KEYS.length]!);
      draw();
    }
    live.push(liveMegabytes());
  }
  await fleet.stop();
  const [first = 0] = live;
  return [
    { name: 'eight hours of churn: live memory after the first hour', value: first, unit: 'MB' },
    {
      name: 'eight hours of churn: the most after that, to the first hour',
      value: Math.max(...live) / first,
      unit: '×',
    },
  ];
}

/** What is still reached. */
function liveMegabytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}
