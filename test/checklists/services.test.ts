import { describe, expect, it } from 'vitest';
import { services } from '../../src/checklists/items/services.ts';
import { Random } from '../../src/demo/random.ts';
import type { Health } from '../../src/model/entity.ts';
import { node, replica, workload } from '../helpers/nouns.ts';
import { line, NOW, settings, told, type World, world } from './world.ts';

const id = (name: string) => `prod/saasodoo/deployment/${name}`;

function platform(): World {
  const made = world(['prod']);
  made.put(
    node('w1'),
    workload('web', { wanted: 2, ready: 2, updated: 2 }),
    replica('web-1', 'web'),
    replica('web-2', 'web'),
    workload('watcher'),
    replica('watcher-1', 'watcher'),
    workload('parked', { wanted: 0, ready: 0 }),
    workload('nightly', {
      type: 'Job',
      wanted: 1,
      succeeded: 0,
      failed: 3,
      message: 'BackoffLimitExceeded',
      finishedAt: 1,
    }),
  );
  return made;
}

interface Fated {
  /** What has to be told of it; null: nothing. */
  health: Health | null;
  wanted: number;
  ready: number;
}

/** Puts a workload that has met one of the fates there are. */
function fated(name: string, random: Random, { put }: World): Fated {
  const fate = random.pick(['well', 'well', 'short', 'dead', 'looping', 'one loops', 'parked', 'rolled out'] as const);
  const wanted = fate === 'parked' ? 0 : random.integer(2, 6);
  const crashing = fate === 'looping' ? wanted : fate === 'one loops' ? 1 : 0;
  const missing = fate === 'short' ? random.integer(1, wanted - 1) : fate === 'dead' ? wanted : crashing;
  const ready = wanted - missing;
  const rollout = fate === 'rolled out' ? { state: 'updating' as const, message: null, since: null } : null;
  put(workload(name, { wanted, ready, updated: rollout ? ready - 1 : ready, rollout }));
  for (let n = 0; n < ready + crashing; n++) {
    const loops = { ready: false, state: 'CrashLoopBackOff', restarts: 3, exitCode: random.integer(1, 255) };
    put(replica(`${name}-${n}`, name, n < ready ? {} : loops));
  }
  return { health: missing === 0 ? null : ready === 0 ? 'bad' : 'warn', wanted, ready };
}

describe('all services are running', () => {
  it('passes, and says how many; what is off on purpose and jobs count for nothing', async () => {
    expect(await platform().run(services)).toMatchObject({
      verdict: 'pass',
      findings: [],
      facts: '2 of 2 workloads at their count · 1 of 1 nodes ready · no run before to compare restarts with',
    });
  });

  it('passes while something is rolled out', async () => {
    const { put, run } = platform();
    put(
      workload('web', { wanted: 2, ready: 2, updated: 1, rollout: { state: 'updating', message: null, since: null } }),
    );
    expect(await run(services)).toMatchObject({ verdict: 'pass', facts: expect.stringContaining('1 under way') });
  });

  it('warns of a workload that lacks one', async () => {
    const { put, run } = platform();
    put(workload('web', { wanted: 3, ready: 2, message: 'no node has room' }));
    expect(await run(services)).toMatchObject({
      verdict: 'warn',
      reason: expect.stringMatching(/^web: no node has room/),
    });
  });

  it('fails on a crash loop and on a node that is not ready, and drains are meant', async () => {
    const { put, run } = platform();
    put(
      workload('web', { wanted: 2, ready: 0 }),
      replica('web-1', 'web', { ready: false, state: 'CrashLoopBackOff', exitCode: 1 }),
      replica('web-2', 'web', { ready: false, state: 'CrashLoopBackOff', exitCode: 1 }),
      node('w2', { ready: false, state: 'not ready' }),
      node('w3', { ready: false, state: 'not ready', availability: 'drain' }),
    );
    const result = await run(services);
    expect(result.verdict).toBe('fail');
    expect(told(result)).toEqual(['bad web', 'bad w2']);
    expect(result.facts).toContain('1 of 2 nodes ready · 1 drained on purpose');
  });

  it('warns of restarts beyond what is fine since the run before, replicas of a new kind counted from nothing', async () => {
    const { put, run } = platform();
    const restarted = (restarts: number) => put(replica('web-1', 'web', { restarts, lastRestartAt: NOW - 8e6 }));
    const earlier = (restarts: number) => ({ past: [{ at: 0, figures: { [`restarts ${id('web')}`]: restarts } }] });
    restarted(9);
    expect(told(await run(services, earlier(6)))).toEqual([]);
    expect(told(await run(services, earlier(5)))).toEqual(['warn web']);
    expect(told(await run(services, earlier(20)))).toEqual(['warn web']);
    expect((await run(services)).figures).toEqual({ [`restarts ${id('web')}`]: 9 });
    restarted(3);
    expect(told(await run(services, earlier(20)))).toEqual([]);
  });

  it('cannot tell where a source is silent, has not listed all, or may not; known bad counts more', async () => {
    const silent = platform();
    silent.sinks.prod?.state({ phase: 'stale', trouble: { what: 'ask', on: 'prod', why: 'no answer', fix: null } });
    expect(await silent.run(services)).toMatchObject({ verdict: 'cannot-tell' });
    const forbidden = platform();
    const trouble = { what: 'list nodes', on: 'prod', why: 'forbidden', fix: null };
    forbidden.sinks.prod?.coverage('node', { state: 'forbidden', trouble });
    expect(await forbidden.run(services)).toMatchObject({
      verdict: 'cannot-tell',
      reason: expect.stringContaining('list nodes'),
    });
    const partly = platform();
    partly.sinks.prod?.coverage('workload', {
      state: 'complete',
      except: [{ ...trouble, what: 'list workloads of kube-system' }],
    });
    expect(await partly.run(services)).toMatchObject({ verdict: 'cannot-tell' });
    partly.put(node('w9', { ready: false, state: 'not ready' }));
    expect(await partly.run(services)).toMatchObject({ verdict: 'fail' });
  });

  it('cannot tell of nothing at all', async () => {
    expect(await world([]).run(services)).toMatchObject({ verdict: 'cannot-tell' });
  });

  it('hears the platform’s own monitoring in its log', async () => {
    const { run, logs, sinks } = platform();
    const watchers = [{ workload: 'name=watcher', says: 'watch stream', within: '75m' }];
    const wanted = { settings: settings({ watchers, logLines: 10 }) };
    logs.set('watcher-1', [line('watch stream is open', 20), line('busy', 1)]);
    expect(await run(services, wanted)).toMatchObject({
      verdict: 'pass',
      facts: expect.stringContaining('watcher watches, said 20m ago'),
    });
    logs.set('watcher-1', [line('watch stream is open', 90), line('busy', 1)]);
    expect(await run(services, wanted)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('for 75m') });
    logs.set('watcher-1', [line('watch stream is open', 20), ...Array.from({ length: 30 }, () => line('busy', 1))]);
    expect(await run(services, wanted)).toMatchObject({ verdict: 'cannot-tell' });
    logs.set('watcher-1', [{ type: 'mark', at: NOW, text: 'cut off: forbidden', gap: true }]);
    expect(await run(services, wanted)).toMatchObject({
      verdict: 'cannot-tell',
      reason: expect.stringContaining('forbidden'),
    });
    sinks.prod?.remove('workload', [id('watcher')]);
    expect(await run(services, wanted)).toMatchObject({ verdict: 'cannot-tell' });
  });

  it.each([1, 2, 3, 4, 5])('finds as many as a random platform has (seed %i)', async seed => {
    const random = new Random(seed);
    const made = world(['prod']);
    const expected: string[] = [];
    let meant = 0;
    let well = 0;
    for (let index = 0; index < 50; index++) {
      const { health, wanted, ready } = fated(`s${index}`, random, made);
      if (health) expected.push(`${health} s${index}`);
      if (wanted > 0) meant++;
      if (wanted > 0 && ready === wanted) well++;
    }
    const nodes = { ready: 0, meant: 0 };
    for (let index = 0; index < 20; index++) {
      const [isReady, isDrained, isPressed] = [random.chance(0.8), random.chance(0.2), random.chance(0.1)];
      const pressures = isPressed ? ['MemoryPressure'] : [];
      made.put(node(`n${index}`, { ready: isReady, availability: isDrained ? 'drain' : 'active', pressures }));
      if (isDrained) continue;
      nodes.meant++;
      if (isReady) nodes.ready++;
      if (!isReady || isPressed) expected.push(`${isReady ? 'warn' : 'bad'} n${index}`);
    }
    const result = await made.run(services);
    expect(told(result).sort()).toEqual(expected.sort());
    expect(result.facts).toContain(`${well} of ${meant} workloads at their count`);
    expect(result.facts).toContain(`${nodes.ready} of ${nodes.meant} nodes ready`);
  });

  it.each([1, 2, 3])('counts the restarts of a random platform since the run before (seed %i)', async seed => {
    const random = new Random(seed);
    const { put, run } = world(['prod']);
    put(node('w1'));
    const most = random.integer(0, 6);
    const figures: Record<string, number> = {};
    const expected: string[] = [];
    let sum = 0;
    for (let index = 0; index < 40; index++) {
      const name = `s${index}`;
      const before = random.integer(0, 12);
      const since = random.integer(0, 12);
      // Other replicas than the ones before begin to count anew, where that shows.
      const isNew = since < before && random.chance(0.3);
      const all = isNew ? since : before + since;
      const one = random.integer(0, all);
      put(workload(name, { wanted: 2, ready: 2, updated: 2 }));
      put(replica(`${name}-1`, name, { restarts: one }), replica(`${name}-2`, name, { restarts: all - one }));
      if (before > 0) figures[`restarts ${id(name)}`] = before;
      sum += since;
      if (since > most) expected.push(`warn ${name}`);
    }
    const result = await run(services, { settings: settings({ restarts: most }), past: [{ at: 0, figures }] });
    expect(told(result).sort()).toEqual(expected.sort());
    expect(result.facts).toContain(`${sum} restarts since the last run`);
  });
});
