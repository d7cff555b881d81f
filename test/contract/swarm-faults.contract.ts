import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Fault, judging, LONG_MS, type SwarmBed, soon, verdict } from './swarm-bed.ts';
import { replicas, service } from './swarm-specs.ts';

const WEB = 'qd-web';
const EVERYWHERE = 'qd-everywhere';
const BOUND = 'qd-bound';

interface ApiNode {
  ID: string;
  Version: { Index: number };
  Spec: { Role: string; Availability: string };
  Description: { Hostname: string };
  ManagerStatus?: { Leader?: boolean; Reachability: string };
}

/** What becomes of a swarm's nodes, and what is told of it: on every swarm with one manager and two workers the same. */
export function swarmFaults(open: () => Promise<SwarmBed>): void {
  const swarm = judging(open);
  const { workload, node, tasks } = swarm;
  let worker = '';
  let manager = '';
  const nodes = () => swarm.bed.engine.get<ApiNode[]>('/nodes');
  const apiNode = async (name: string) => {
    const found = (await nodes()).find(each => each.Description.Hostname === name);
    if (!found) throw new Error(`there is no node ${name}`);
    return found;
  };
  /** The managers write to their nodes too: what is out of sequence is read and written again. */
  const change = (name: string, spec: Partial<ApiNode['Spec']>) =>
    vi.waitFor(async () => {
      const { ID, Version, Spec } = await apiNode(name);
      const path = `/nodes/${ID}/update?version=${Version.Index}`;
      expect(await swarm.bed.engine.ask('POST', path, { ...Spec, ...spec })).toMatchObject({ status: 200 });
    }, 20_000);
  const health = (name: string) =>
    swarm.all(view => {
      const found = view.node(name);
      return found ? `${found.health}${found.reason ? ` ${found.reason}` : ''}` : 'is not there';
    });
  const told = (name: string) => swarm.all(view => verdict(view.workload(name)));
  const phase = swarm.all(view => view.source()?.phase);
  const nodesOf = (name: string) => tasks(name).map(each => each.node);
  const id = (name: string) => node(name)?.id;
  /** What was moved there and back is well, though it may be told that it was. */
  const isWell = async () => {
    await health(worker).toBe('ok');
    await told(WEB).toMatch(/^(ok|warn) 3\/3/);
    await told(EVERYWHERE).toMatch(/^(ok|warn) 3\/3/);
    await told(BOUND).toMatch(/^(ok|warn) 1\/1/);
  };
  /** Nothing is left on it but what runs on it only. */
  const isEmptied = async () => {
    await told(WEB).toMatch(/^(ok|warn) 3\/3/);
    expect(nodesOf(WEB)).not.toContain(id(worker));
    await told(EVERYWHERE).toMatch(/^(ok|warn) 2\/2/);
  };

  beforeAll(async () => {
    const all = await nodes();
    manager = all.find(each => each.ManagerStatus?.Leader)?.Description.Hostname ?? '';
    worker =
      all
        .filter(each => each.Spec.Role === 'worker' && each.Spec.Availability === 'active')
        .map(each => each.Description.Hostname)
        .sort()
        .at(-1) ?? '';
    for (const spec of [
      service(WEB, {}, { mode: replicas(3) }),
      service(EVERYWHERE, {}, { mode: { Global: {} } }),
      service(BOUND, {}, { placement: { Constraints: [`node.hostname == ${worker}`] } }),
    ])
      expect(await swarm.bed.engine.ask('POST', '/services/create', spec)).toMatchObject({ status: 201 });
  }, LONG_MS);

  afterAll(async () => {
    for (const name of [WEB, EVERYWHERE, BOUND]) await swarm.bed.engine.ask('DELETE', `/services/${name}`);
  }, LONG_MS);

  it('is well to begin with', { timeout: LONG_MS }, isWell);

  describe('a node that is lost is down, and what ran there is not believed:', { timeout: LONG_MS }, () => {
    it.each<[Fault, Fault]>([
      ['crash', 'start'],
      ['freeze', 'thaw'],
      ['partition', 'heal'],
    ])('%s, %s', async (fault, end) => {
      const losses = () => {
        const told = swarm.fleet.feed.about(id(worker) ?? '');
        return (
          told.find(each => each.message === 'ready → down: heartbeat failure' && each.severity === 'bad')?.count ?? 0
        );
      };
      const before = losses();
      await swarm.bed.fault(fault, worker);
      await health(worker).toBe('bad down: heartbeat failure');
      await isEmptied();
      await told(BOUND).toMatch(
        /^bad 0\/1 pending: no suitable node \((1 node not available for new tasks; )?scheduling constraints not satisfied on \d nodes(; 1 node not available for new tasks)?\)$/,
      );
      expect(losses()).toBe(before + 1);
      await swarm.bed.fault(end, worker);
      await isWell();
    });
  });

  it('a node that is drained is off, not down, and gives its tasks away', { timeout: LONG_MS }, async () => {
    await change(worker, { Availability: 'drain' });
    await health(worker).toBe('off drained on purpose');
    await isEmptied();
    await told(BOUND).toMatch(/^bad 0\/1 pending: no suitable node \(.*1 node not available for new tasks.*\)$/);
    await change(worker, { Availability: 'active' });
    await isWell();
  });

  it('a followed log goes on over the loss of a node, and takes up what is started elsewhere', {
    timeout: LONG_MS,
  }, async () => {
    const { engine, fault } = swarm.bed;
    const uids = (of = tasks(WEB)) => of.map(each => each.uid ?? '');
    const before = uids();
    const elsewhere = uids(tasks(WEB).filter(each => each.node !== id(worker)));
    const log = await engine.follow(`/services/${WEB}/logs?follow=1&stdout=1&stderr=1&details=1&tail=1`);
    for (const uid of uids()) await soon(() => log.text()).toContain(`com.docker.swarm.task.id=${uid}`);
    const bound = await apiNode(worker);
    await fault('crash', worker);
    await health(worker).toBe('bad down: heartbeat failure');
    await isEmptied();
    const lines = (uid: string) => log.text().split(`com.docker.swarm.task.id=${uid}`).length;
    for (const uid of elsewhere) {
      const seen = lines(uid);
      await soon(() => lines(uid)).toBeGreaterThan(seen);
    }
    for (const uid of uids().filter(each => !before.includes(each)))
      await soon(() => log.text()).toContain(`com.docker.swarm.task.id=${uid}`);
    expect(log.ended()).toBe(false);
    log.stop();
    const once = await engine.follow(`/services/${BOUND}/logs?stdout=1&stderr=1&tail=5`);
    await soon(() => once.ended()).toBe(true);
    expect(once.text()).toContain('incomplete log stream');
    expect(once.text()).toContain(`node ${bound.ID} is not available`);
    await fault('start', worker);
    await isWell();
  });

  it('an engine that takes connections and never answers is stale, and live again', { timeout: LONG_MS }, async () => {
    await swarm.bed.fault('freeze', manager);
    await phase.toBe('stale');
    await swarm.all(view => view.source()?.trouble?.why).toMatch(/no answer within/);
    expect(workload(WEB)).toMatchObject({ wanted: 3 });
    await swarm.bed.fault('thaw', manager);
    await phase.toBe('live');
    await isWell();
  });

  it('without a quorum the swarm is stale, though its engine answers; nothing is gone', {
    timeout: 2 * LONG_MS,
  }, async () => {
    await change(worker, { Role: 'manager' });
    await soon(() => node(worker)?.roles).toEqual(['manager']);
    await expect
      .poll(async () => (await apiNode(worker)).ManagerStatus?.Reachability, { timeout: LONG_MS })
      .toBe('reachable');
    await swarm.bed.manages(worker);
    const count = swarm.fleet.all('workload').size;
    await swarm.bed.fault('crash', worker);
    await expect.poll(() => swarm.source()?.phase, { timeout: LONG_MS }).toBe('stale');
    await phase.toBe('stale');
    await swarm.all(view => view.source()?.trouble?.fix).toMatch(/quorum|bring managers back/);
    expect(swarm.fleet.all('workload').size).toBe(count);
    expect(await swarm.bed.engine.ask('GET', '/_ping')).toEqual({ status: 200, body: 'OK' });
    await swarm.bed.fault('start', worker);
    await expect.poll(() => swarm.source()?.phase, { timeout: LONG_MS }).toBe('live');
    await phase.toBe('live');
    await change(worker, { Role: 'worker' });
    await soon(() => node(worker)?.roles).toEqual(['worker']);
    // Not that its services are well: three ends within ten minutes, by whatever loss, count as a loop for a while.
    await health(worker).toBe('ok');
  });
}
