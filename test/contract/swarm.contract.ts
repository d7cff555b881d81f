import { describe, expect, it } from 'vitest';
import { createSwarm } from '../../src/sources/swarm/index.ts';
import type { SwarmOptions } from '../../src/sources/swarm/options.ts';
import { agree, type Bed, proofsLater, sorted, watching } from './bed.ts';
import type { SwarmTruth } from './swarm-truth.ts';

export type SwarmBed = Bed<SwarmOptions, SwarmTruth>;

/** At most 30 calls a minute. */
const A_CALL_MS = 2_000;
/** Lists at the start and what moves meanwhile are asked out of turn. */
const OUT_OF_TURN = 4;

/** What must be so for every swarm that is watched. */
export function swarmContract(open: () => Promise<SwarmBed>): void {
  const watched = watching(open, options => createSwarm('swarm', options), ['node', 'workload', 'replica', 'network']);
  const { sink, truth } = watched;

  describe('tells what docker prints:', () => {
    it('nodes with their state and availability', () =>
      agree(
        () => sorted(sink.all('node').map(each => [each.uid, each.name, each.state, each.availability])),
        async () =>
          sorted(
            (await truth()).nodes.map(each => [
              each.ID,
              each.Description.Hostname,
              each.Status.State,
              each.Spec.Availability,
            ]),
          ),
      ));

    it('services with running of wanted', () =>
      agree(
        () =>
          sorted(sink.all('workload').map(each => [each.uid, each.name, each.version, `${each.ready}/${each.wanted}`])),
        async () =>
          sorted(
            (await truth()).services.map(each => [
              each.ID,
              each.Spec.Name,
              String(each.Version.Index),
              `${each.ServiceStatus.RunningTasks}/${each.ServiceStatus.DesiredTasks}`,
            ]),
          ),
      ));

    it('tasks that are wanted, with their state words, slots and nodes', () =>
      agree(
        () => {
          const uids = new Map(sink.all('node').map(each => [each.id, each.uid]));
          return sorted(
            sink
              .all('replica')
              .filter(each => each.wanted !== 'gone')
              .map(each => [each.uid, each.state, each.slot, each.node && uids.get(each.node)]),
          );
        },
        async () => {
          const { services, tasks } = await truth();
          const known = new Set(services.map(each => each.ID));
          return sorted(
            tasks
              .filter(each => known.has(each.ServiceID) && ['running', 'ready'].includes(each.DesiredState))
              .map(each => [each.ID, each.Status.State, each.Slot ?? null, each.NodeID || null]),
          );
        },
      ));
  });

  it('goes on proving that it lives, with at most 30 calls a minute', async () => {
    const { source } = watched;
    const [requests, at] = [source.requests, performance.now()];
    await proofsLater(watched, 2);
    expect(sink.phase).toBe('live');
    const allowed = (performance.now() - at) / A_CALL_MS + OUT_OF_TURN;
    expect(source.requests - requests).toBeLessThanOrEqual(allowed);
  });
}
