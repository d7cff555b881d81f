import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judging, LONG_MS, type SwarmBed, soon, verdict } from './swarm-bed.ts';
import { APP, APP_2, CRASHES, DONE, replicas, SICK, service } from './swarm-specs.ts';

const NAMES = {
  replicated: 'qd-replicated',
  global: 'qd-global',
  job: 'qd-job',
  globalJob: 'qd-global-job',
  lonely: 'qd-lonely',
  huge: 'qd-huge',
  missing: 'qd-missing',
  crashing: 'qd-crashing',
  sick: 'qd-sick',
  off: 'qd-off',
  paused: 'qd-paused',
  reverted: 'qd-reverted',
  byHand: 'qd-by-hand',
} as const;

interface Inspected {
  ID: string;
  Version: { Index: number };
  Spec: object;
}

/** What a service can be, and what is told of it: on every swarm of three nodes the same words. */
export function swarmServices(open: () => Promise<SwarmBed>): void {
  const swarm = judging(open);
  const { workload, tasks } = swarm;
  const inspect = (name: string) => swarm.bed.engine.get<Inspected>(`/services/${name}`);
  const update = async (name: string, spec: object, { rollback = false, version = 0 } = {}) => {
    const { ID, Version } = await inspect(name);
    const query = `version=${version || Version.Index}${rollback ? '&rollback=previous' : ''}`;
    return swarm.bed.engine.ask('POST', `/services/${ID}/update?${query}`, spec);
  };
  const told = (name: string) => swarm.all(view => verdict(view.workload(name)));

  // All at once: they do not disturb each other, and each takes its time.
  beforeAll(async () => {
    const create = async (
      name: string,
      ...rest: Parameters<typeof service> extends [string, ...infer R] ? R : never
    ) => {
      const said = await swarm.bed.engine.ask('POST', '/services/create', service(name, ...rest));
      expect(said, name).toMatchObject({ status: 201 });
    };
    await create(NAMES.replicated, {}, { mode: replicas(3) });
    await create(NAMES.global, {}, { mode: { Global: {} } });
    await create(NAMES.job, DONE, { mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 2 } } });
    await create(NAMES.globalJob, DONE, { mode: { GlobalJob: {} } });
    await create(NAMES.lonely, {}, { placement: { Constraints: ['node.labels.nowhere == true'] } });
    await create(NAMES.huge, {}, { resources: { Reservations: { MemoryBytes: 2 ** 50 } } });
    await create(NAMES.missing, { Image: 'bed/none:9' });
    await create(NAMES.crashing, CRASHES);
    await create(NAMES.sick, SICK);
    await create(NAMES.off, {}, { mode: replicas(0) });
    for (const [name, FailureAction] of [
      [NAMES.paused, 'pause'],
      [NAMES.reverted, 'rollback'],
      [NAMES.byHand, 'pause'],
    ] as const)
      await create(name, {}, { mode: replicas(3), update: { FailureAction } });
  }, 30_000);

  afterAll(async () => {
    for (const name of Object.values(NAMES)) await swarm.bed.engine.ask('DELETE', `/services/${name}`);
  }, 30_000);

  describe('a service that is well:', { timeout: LONG_MS }, () => {
    it('replicated, with a slot for each replica', async () => {
      await told(NAMES.replicated).toBe('ok 3/3');
      expect(workload(NAMES.replicated)).toMatchObject({ type: 'Service', images: [APP], namespace: null });
      expect(tasks(NAMES.replicated).map(each => [each.slot, each.state, each.health, each.name])).toEqual(
        [1, 2, 3].map(slot => [slot, 'running', 'ok', `${NAMES.replicated}.${slot}`]),
      );
    });

    it('global, with a task on each node that takes tasks', async () => {
      const usable = [...swarm.fleet.all('node').values()].filter(each => each.availability === 'active');
      await told(NAMES.global).toBe(`ok ${usable.length}/${usable.length}`);
      expect(workload(NAMES.global)).toMatchObject({ type: 'Global' });
      expect(tasks(NAMES.global).map(each => each.node)).toHaveLength(new Set(usable.map(each => each.id)).size);
    });

    it('switched off is not down', () => told(NAMES.off).toBe('off 0/0 switched off: 0 wanted'));

    it.each([
      [NAMES.job, 'ReplicatedJob', 2],
      [NAMES.globalJob, 'GlobalJob', 3],
    ] as const)('%s: done when each of its tasks has completed', async (name, type, count) => {
      // An engine was seen to run a global job a second time on each node, and to count it twice.
      await soon(() => workload(name)?.succeeded).toBeGreaterThanOrEqual(count);
      await soon(() => workload(name)?.finishedAt).toEqual(expect.any(Number));
      await soon(() => workload(name)).toMatchObject({ type, ready: 0, health: 'ok', failed: 0 });
      const completed = () => tasks(name).filter(each => `${each.state} ${each.health}` === 'complete ok');
      await soon(() => completed().length).toBeGreaterThanOrEqual(count);
    });
  });

  describe('a service that is not well, in the words of the engine:', { timeout: LONG_MS }, () => {
    it('no node meets its constraints', () =>
      told(NAMES.lonely).toBe('bad 0/1 pending: no suitable node (scheduling constraints not satisfied on 3 nodes)'));

    it('no node has what it reserves', () =>
      told(NAMES.huge).toBe('bad 0/1 pending: no suitable node (insufficient resources on 3 nodes)'));

    it('its image is nowhere', () => told(NAMES.missing).toMatch(/^bad 0\/1 .*No such image: bed\/none:9$/));

    it('it ends again and again: a loop with its count, not a flickering 0/1', async () => {
      await told(NAMES.crashing).toMatch(/^bad 0\/1 .*failed \d+ times in .*: task: non-zero exit \(1\)/);
      await soon(() => tasks(NAMES.crashing)[0]?.restarts).toBeGreaterThanOrEqual(3);
      expect(workload(NAMES.crashing)?.ready).toBe(0);
    });

    it('its health check never passes: it never runs', async () => {
      const why = /task: non-zero exit \(137\): dockerexec: unhealthy container/;
      await told(NAMES.sick).toMatch(new RegExp(`^bad 0/1 .*${why.source}`));
    });
  });

  describe('an update:', { timeout: LONG_MS }, () => {
    const broken = (name: string, FailureAction: string) =>
      service(name, CRASHES, { mode: replicas(3), update: { FailureAction } });
    const UPDATED = [NAMES.byHand, NAMES.paused, NAMES.reverted] as const;

    it('is taken by a service that is well', async () => {
      for (const name of UPDATED) await told(name).toBe('ok 3/3');
      const next = service(NAMES.byHand, { Image: APP_2 }, { mode: replicas(3), update: { Parallelism: 0 } });
      for (const [name, spec] of [
        [NAMES.byHand, next],
        [NAMES.paused, broken(NAMES.paused, 'pause')],
        [NAMES.reverted, broken(NAMES.reverted, 'rollback')],
      ] as const)
        expect(await update(name, spec), name).toMatchObject({ status: 200 });
      await soon(() => workload(NAMES.byHand)?.rollout?.state).toBe('updating');
    });

    it('goes through, and is no news afterwards', async () => {
      await soon(() => workload(NAMES.byHand)?.rollout).toBeNull();
      await told(NAMES.byHand).toBe('ok 3/3');
      expect(workload(NAMES.byHand)).toMatchObject({ images: [APP_2], updated: 3 });
    });

    it('that is written over another is refused, with 500 and these words', async () => {
      const { Version, Spec } = await inspect(NAMES.byHand);
      const said = await update(NAMES.byHand, Spec, { version: Version.Index - 1 });
      expect(said).toEqual({
        status: 500,
        body: { message: 'rpc error: code = Unknown desc = update out of sequence' },
      });
    });

    it('is taken back by hand', async () => {
      const said = await update(NAMES.byHand, (await inspect(NAMES.byHand)).Spec, { rollback: true });
      expect(said).toMatchObject({ status: 200 });
      await soon(() => workload(NAMES.byHand)?.rollout?.state).toBe('rolled back');
      await told(NAMES.byHand).toBe('warn 3/3 rollback completed');
      expect(workload(NAMES.byHand)).toMatchObject({ images: [APP], updated: 3 });
    });

    it('pauses at a task that fails', async () => {
      await told(NAMES.paused).toMatch(
        /^warn [12]\/3 rollout paused: update paused due to failure or early termination of task \w{25}$/,
      );
      expect(workload(NAMES.paused)?.rollout).toMatchObject({ state: 'paused' });
    });

    it('is taken back by the swarm itself', async () => {
      await soon(() => workload(NAMES.reverted)?.rollout?.state).toBe('rolled back');
      await told(NAMES.reverted).toBe('warn 3/3 rollback completed');
    });
  });
}
