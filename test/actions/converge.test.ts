import { expect, it } from 'vitest';
import { converge } from '../../src/actions/converge.ts';
import type { Standing } from '../../src/actions/verb.ts';

/** A system that says these one after the other, a second each, and then the last for ever. */
async function watched(
  said: Standing[],
  { usual = [] as number[], evidence = null as string | null, limitMs = 60_000 },
) {
  let now = 0;
  let asked = 0;
  const told: string[] = [];
  const standing = async () => {
    now += 1_000;
    return said[Math.min(asked++, said.length - 1)] ?? { state: 'failed' as const, words: 'nothing is said' };
  };
  const ended = await converge(
    { standing },
    {
      usual,
      evidence: () => evidence,
      tell: words => told.push(words),
      now: () => now,
      since: 0,
      signal: new AbortController().signal,
      limitMs,
      everyMs: 0,
    },
  ).catch((error: Error) => error.message);
  return { ended, told };
}

const waiting: Standing = { state: 'under way', words: '2 of 3 ready' };

it('three times as long as usual is overdue, with what is seen', async () => {
  const said = [...Array<Standing>(7).fill(waiting), { state: 'done', words: '3 of 3 ready' } as const];
  const { ended, told } = await watched(said, { usual: [1, 2], evidence: 'web-7: ImagePullBackOff' });
  expect(told[5]).toBe('2 of 3 ready, 6 s');
  expect(told[6]).toBe('2 of 3 ready, 7 s, overdue (usually 1 to 2 s); web-7: ImagePullBackOff');
  expect(ended).toBe('3 of 3 ready in 8 s');
});

it('what does not come to be says what it waits for, and what is seen', async () => {
  const { ended, told } = await watched([waiting], { evidence: 'web-7: ImagePullBackOff' });
  expect(told.at(-1)).toMatch(/^2 of 3 ready, \d+ s$/);
  expect(ended).toBe('not there after 1 min: 2 of 3 ready; web-7: ImagePullBackOff');
  expect((await watched([waiting], {})).ended).toBe('not there after 1 min: 2 of 3 ready');
});
