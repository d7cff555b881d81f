import { setTimeout as sleep } from 'node:timers/promises';
import type { PtyProgram } from '../test/helpers/pty-program.ts';
import { type Figure, percentile } from './measurement.ts';
import { keyLatencies, shareOfCore, titleOf, withPods } from './pods-screen.ts';
import { until } from './screen.ts';

const SETTLED_MS = 45_000;
const IDLE_MS = 60_000;
const KEYS = 200;
const WORDS = ['odoo', 'acme', 'tenant', 'web', 'running', 'xyzzy'];
const ROUNDS = 8;
const BETWEEN_MS = 40;
/** Ctrl-U: with Esc the program waits for 30 ms whether more of a sequence follows. */
const CLEAR = '\x15';

/** 10,000 pods of which none changes: what an idle screen costs, and how soon keys and filters are answered. */
export async function quietCrowd(): Promise<Figure[]> {
  return withPods({ changes: 0 }, async program => {
    await sleep(SETTLED_MS);
    const sent = Buffer.byteLength(program.written);
    const idle = await shareOfCore(program.pid, IDLE_MS);
    const idleBytes = Buffer.byteLength(program.written) - sent;
    const keys = await keyLatencies(program, KEYS);
    const { typed, pasted, cleared } = await filterLatencies(program);
    const figure = (name: string, values: number[], fraction: number): Figure => ({
      name: `10,000 pods at rest: ${name}, p${fraction * 100}`,
      value: percentile(values, fraction),
      unit: 'ms',
    });
    return [
      { name: '10,000 pods at rest: share of a core', value: idle * 100, unit: '%' },
      { name: '10,000 pods at rest: sent in 60 s', value: idleBytes, unit: 'bytes' },
      figure('key to the screen', keys, 0.5),
      figure('key to the screen', keys, 0.99),
      figure('filter, a letter typed', typed, 0.95),
      figure('filter, a word pasted', pasted, 0.95),
      figure('filter cleared', cleared, 0.95),
    ];
  });
}

/** From what is typed until the title of the pane tells the filter, the rows under it being those of that filter. */
async function filterLatencies(program: PtyProgram) {
  const taken = { typed: [] as number[], pasted: [] as number[], cleared: [] as number[] };
  const answer = async (into: number[], keys: string, shows: (title: string) => boolean) => {
    const from = performance.now();
    program.type(keys);
    await until(() => shows(titleOf(program)), `a filter is not answered:\n${program.text()}`);
    into.push(program.heardAt - from);
    await sleep(BETWEEN_MS);
  };
  const clear = () => answer(taken.cleared, CLEAR, title => !title.includes(' / '));
  for (const word of Array.from({ length: ROUNDS }, () => WORDS).flat()) {
    program.type('/');
    await sleep(BETWEEN_MS);
    for (let end = 1; end <= word.length; end++) {
      await answer(taken.typed, word[end - 1]!, title => title.includes(` / ${word.slice(0, end)} `));
    }
    await clear();
    await answer(taken.pasted, `\x1b[200~${word}\x1b[201~`, title => title.includes(` / ${word} `));
    await clear();
    program.type('\r');
    await sleep(BETWEEN_MS);
  }
  return taken;
}
