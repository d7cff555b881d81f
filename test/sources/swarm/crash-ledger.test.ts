import { describe, expect, test } from 'vitest';
import { CrashLedger, isLoop, story, trialMs } from '../../../src/sources/swarm/crash-ledger.ts';
import { readTask, type Task } from '../../../src/sources/swarm/task.ts';
import { CHANGED_SPEC, task } from './shapes.ts';

const NOW = Date.parse('2026-11-23T18:00:00Z');
const noJob = () => false;
const read = (of: Parameters<typeof task>[0]): Task => readTask(task(of), of.slot === undefined);

/** The nth failure of slot 1 of `web`, one every 30 seconds, the newest just before NOW. */
const failure = (id: string, secondsAgo: number, over: Partial<Parameters<typeof task>[0]> = {}): Task =>
  read({
    id,
    service: 'web',
    slot: 1,
    node: 'w1',
    state: 'failed',
    desired: 'shutdown',
    error: 'task: non-zero exit (1)',
    exitCode: 1,
    at: NOW - secondsAgo * 1_000,
    livedMs: 4_000,
    ...over,
  });
const living = read({ id: 'live', service: 'web', slot: 1, node: 'w1', state: 'starting', at: NOW });

describe('deaths of tasks', () => {
  test('are counted beyond what the engine remembers, each once', () => {
    const ledger = new CrashLedger();
    const all = Array.from({ length: 14 }, (_, index) => failure(`t${index}`, (14 - index) * 30));
    for (let end = 1; end <= 14; end++) {
      const told = ledger.take([living, ...all.slice(Math.max(0, end - 4), end)], noJob);
      expect(told.map(({ id }) => id)).toEqual([all[end - 1]?.id]);
    }
    expect(ledger.take([living, ...all.slice(-4)], noJob)).toEqual([]);
    const deaths = ledger.of(living);
    expect(deaths).toMatchObject({ total: 14, atLeast: false });
    expect(deaths && story([deaths], NOW)).toBe('failed 14 times in 7 min: task: non-zero exit (1)');
    expect(deaths && isLoop(deaths, NOW)).toBe(true);
  });

  test('leave the window of 10 minutes, and the total stays', () => {
    const ledger = new CrashLedger();
    ledger.take([living, failure('a', 700), failure('b', 650), failure('c', 90)], noJob);
    const deaths = ledger.of(living);
    expect(deaths?.total).toBe(3);
    expect(deaths && story([deaths], NOW)).toBe('task: non-zero exit (1)');
    expect(deaths && isLoop(deaths, NOW)).toBe(false);
    expect(deaths && story([deaths], NOW + 600_000)).toBeNull();
  });

  test('that the engine forgot before they were seen make the count a least one', () => {
    const ledger = new CrashLedger();
    ledger.take([living, ...['a', 'b', 'c', 'd'].map((id, i) => failure(id, 300 - i))], noJob);
    ledger.take([living, ...['w', 'x', 'y', 'z'].map((id, i) => failure(id, 30 - i))], noJob);
    const deaths = ledger.of(living);
    expect(deaths && story([deaths], NOW)).toBe('failed at least 8 times in 5 min: task: non-zero exit (1)');
  });

  test('begin anew with another specification, as pods do', () => {
    const ledger = new CrashLedger();
    ledger.take([failure('a', 60), failure('b', 40), failure('c', 20)], noJob);
    const mended = read({ id: 'new', service: 'web', slot: 1, node: 'w1', spec: CHANGED_SPEC });
    ledger.take([mended, failure('b', 40), failure('c', 20)], noJob);
    expect(ledger.of(mended)).toBeNull();
  });

  test('are not those that were ordered, nor a job that is done', () => {
    const ledger = new CrashLedger();
    const stopped = failure('a', 10, { state: 'shutdown', error: undefined, exitCode: 137 });
    const done = failure('b', 10, { state: 'complete', error: undefined, exitCode: 0 });
    expect(ledger.take([stopped, done], service => service === stopped.service)).toEqual([]);
    expect(ledger.take([stopped, done], noJob).map(({ id }) => id)).toEqual([done.id]);
    const deaths = ledger.of(done);
    expect(deaths && story([deaths], NOW)).toBe('ended by itself, exit code 0');
  });

  test('of several places are told together, the newest words last', () => {
    const ledger = new CrashLedger();
    const other = { slot: 2, error: 'No such image: nosuch/image:9', state: 'rejected' };
    const tasks = [failure('a', 90), failure('b', 60), failure('c', 30, other)];
    ledger.take(tasks, noJob);
    const deaths = [tasks[0], tasks[2]]
      .map(one => one && ledger.of(one))
      .filter(one => one !== null && one !== undefined);
    expect(story(deaths, NOW)).toBe('failed 3 times in 90 s: No such image: nosuch/image:9');
  });

  test('survive a list in which the place has only a task that starts', () => {
    const ledger = new CrashLedger();
    ledger.take([living, failure('a', 60)], noJob);
    ledger.take([living], noJob);
    expect(ledger.of(living)?.total).toBe(1);
    ledger.take([], noJob);
    expect(ledger.of(living)).toBeNull();
  });

  test('say how long a restarted task is on trial: twice as long as the last ones lived, 10 to 60 s', () => {
    const of = (livedMs: number) => {
      const ledger = new CrashLedger();
      ledger.take([living, failure('a', 30, { livedMs })], noJob);
      const deaths = ledger.of(living);
      return deaths && trialMs(deaths);
    };
    expect([of(1_000), of(12_000), of(300_000)]).toEqual([10_000, 24_000, 60_000]);
  });
});
