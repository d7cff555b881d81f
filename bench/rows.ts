import { Painter } from '../src/stage/painter.ts';
import { screenPicture } from '../views/screen-picture.ts';
import { crowd } from './crowd.ts';
import { type Figure, median, percentile } from './measurement.ts';

/** As many as come between two frames at 500 a second. */
const CHANGES = 50;
const FRAMES = 150;
const SIZES = [1_000, 10_000, 50_000];
const WORD = 'tenant04';

/**
 * What many pods cost on the way from the fleet to the bytes for the terminal, without Ink, the terminal and the sources:
 * time on the wall, since Linux may count that of a processor in steps of 4 ms; so only an idle machine tells it.
 */
export async function rows(): Promise<Figure[]> {
  return SIZES.flatMap(pods => {
    const { fleet, sink, screen, names, pod } = crowd(pods, { everyMs: 0 });
    const painter = new Painter(screen.size.columns, screen.size.rows, 'full');
    const draw = () => painter.paint(screenPicture(screen, { title: 'bench', clock: 'off', slow: false }));
    const after = (work: () => void) =>
      spent(() => {
        work();
        draw();
      });
    const press = (...keys: string[]) => {
      for (const key of keys) screen.press(key);
    };
    draw();
    press(...Array<string>(10).fill('PageDown'));
    const frames: number[] = [];
    const keys: number[] = [];
    for (let frame = 0; frame < FRAMES; frame++) {
      const from = (frame * CHANGES) % pods;
      sink.put(names.slice(from, from + CHANGES).map(name => pod(name, frame)));
      frames.push(after(() => fleet.flush()));
      keys.push(after(() => press(frame % 2 === 0 ? 'j' : 'k')));
    }
    const filters = { typed: [] as number[], pasted: [] as number[], cleared: [] as number[] };
    for (let round = 0; round < 10; round++) {
      press('/');
      for (const letter of WORD) filters.typed.push(after(() => press(letter)));
      filters.cleared.push(after(() => press('Esc')));
      press('/');
      filters.pasted.push(after(() => screen.paste(WORD)));
      filters.cleared.push(after(() => press('Esc')));
    }
    const many = `${pods.toLocaleString('en')} pods`;
    return [
      { name: `${many}: from a key to bytes, median`, value: median(keys), unit: 'ms' },
      { name: `${many}: from 50 changes to bytes, median`, value: median(frames), unit: 'ms' },
      { name: `${many}: a filter typed, a key, p95`, value: percentile(filters.typed, 0.95), unit: 'ms' },
      { name: `${many}: a filter pasted, p95`, value: percentile(filters.pasted, 0.95), unit: 'ms' },
      { name: `${many}: a filter cleared, p95`, value: percentile(filters.cleared, 0.95), unit: 'ms' },
    ];
  });
}

/** Milliseconds. */
function spent(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}
