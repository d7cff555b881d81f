import { afterAll, beforeAll, expect, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Node, Replica, Workload } from '../../src/model/entity.ts';
import { createSwarm } from '../../src/sources/swarm/index.ts';
import type { SwarmOptions } from '../../src/sources/swarm/options.ts';
import type { Bed } from './bed.ts';
import type { EngineApi } from './engine-api.ts';
import type { SwarmTruth } from './swarm-truth.ts';

/** What can happen to a node, each with its way back. */
export type Fault = 'crash' | 'start' | 'freeze' | 'thaw' | 'partition' | 'heal';

/** A swarm of three nodes, one of them its manager, that the tests may do everything to. */
export interface SwarmBed extends Bed<SwarmOptions, SwarmTruth> {
  readonly engine: EngineApi;
  /** Resolves when it took effect. */
  fault(fault: Fault, node: string): Promise<void>;
  /** Resolves when a promoted node has really become one of the managers, so that its return can mend what its loss breaks. */
  manages(node: string): Promise<void>;
  /** `docker stack deploy` and `docker stack rm` of the stack of ./swarm-stack.ts. */
  deployStack(): Promise<void>;
  removeStack(): Promise<void>;
}

/** Of one test: some wait for what takes its time. */
export const LONG_MS = 90_000;
const SOON_MS = 25_000;

/** A swarm as the fleet judges it, for the tests of one suite. */
export interface Judged {
  readonly fleet: Fleet;
  readonly bed: SwarmBed;
  workload(name: string): Workload | undefined;
  node(name: string): Node | undefined;
  /** Its tasks that the swarm wants, by slot. */
  tasks(name: string): Replica[];
  phase(): string | undefined;
}

export function judging(open: () => Promise<SwarmBed>): Judged {
  const fleet = new Fleet({ everyMs: 0 });
  let bed: SwarmBed | undefined;
  const judged: Judged = {
    fleet,
    get bed() {
      if (!bed) throw new Error('the bed is not open');
      return bed;
    },
    workload: name => looked().named('workload', name)[0],
    node: name => looked().named('node', name)[0],
    tasks: name =>
      fleet
        .replicasOf(judged.workload(name)?.id ?? '')
        .filter(each => each.wanted !== 'gone')
        .sort((a, b) => (a.slot ?? 0) - (b.slot ?? 0)),
    phase: () => fleet.sources()[0]?.phase,
  };
  const looked = () => {
    fleet.flush();
    return fleet;
  };
  beforeAll(async () => {
    bed = await open();
    fleet.watch(createSwarm('swarm', bed.options));
    await vi.waitFor(() => expect(judged.phase()).toBe('live'), SOON_MS);
  }, 2 * SOON_MS);
  afterAll(async () => {
    await fleet.stop();
    await bed?.close?.();
  }, SOON_MS);
  return judged;
}

/** Asks again and again until it is so; what it is at last is told otherwise. */
export function soon<T>(look: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(look, { timeout: SOON_MS, interval: 100 });
}

/** What an operator reads of a service: `ok 3/3`, `bad 0/1 No such image: bed/none:9`. */
export function verdict(workload: Workload | undefined): string {
  if (!workload) return 'is not there';
  const { health, ready, wanted, reason } = workload;
  return `${health} ${ready}/${wanted}${reason ? ` ${reason}` : ''}`;
}
