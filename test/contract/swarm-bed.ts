import { afterAll, beforeAll, expect, vi } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import type { Node, Replica, Workload } from '../../src/model/entity.ts';
import type { Source, SourceState } from '../../src/sources/source.ts';
import { createSwarm } from '../../src/sources/swarm/index.ts';
import type { SwarmOptions } from '../../src/sources/swarm/options.ts';
import type { Timing } from '../../src/sources/swarm/timing.ts';
import type { Bed } from './bed.ts';
import type { EngineApi } from './engine-api.ts';
import type { SwarmTruth } from './swarm-truth.ts';

/** What can happen to a node, each with its way back. */
export type Fault = 'crash' | 'start' | 'freeze' | 'thaw' | 'partition' | 'heal';

/** A swarm of three nodes, one of them its manager, that the tests may do everything to. */
export interface SwarmBed extends Bed<SwarmOptions, SwarmTruth> {
  readonly engine: EngineApi;
  /** By which other ways it is watched at the same time. */
  readonly also?: SwarmOptions[];
  /** Other waits than the source has by itself. */
  readonly timing?: Timing;
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

/** A swarm as a fleet judges it. */
export interface View {
  readonly fleet: Fleet;
  workload(name: string): Workload | undefined;
  node(name: string): Node | undefined;
  /** Its tasks that the swarm wants, by slot. */
  tasks(name: string): Replica[];
  source(): SourceState | undefined;
}

/** It as watched by each of the bed's ways at once; the first of them stands for all where words do not matter. */
export interface Judged extends View {
  readonly bed: SwarmBed;
  /** What must become so of a view, whichever way the swarm is watched. */
  all(look: (view: View) => unknown): {
    toBe(expected: unknown): Promise<void>;
    toMatch(expected: RegExp): Promise<void>;
  };
}

export function judging(open: () => Promise<SwarmBed>): Judged {
  let bed: SwarmBed | undefined;
  let views: View[] = [];
  const first = () => {
    const [view] = views;
    if (!view) throw new Error('the bed is not open');
    return view;
  };
  const ofEach = async (verify: (view: View) => Promise<void>) => {
    for (const view of views) await verify(view);
  };
  beforeAll(async () => {
    bed = await open();
    const { timing } = bed;
    views = [bed.options, ...(bed.also ?? [])].map(options => view(createSwarm('swarm', options, timing)));
    await vi.waitFor(() => expect(views.map(each => each.source()?.phase)).toEqual(views.map(() => 'live')), SOON_MS);
  }, 2 * SOON_MS);
  afterAll(async () => {
    for (const { fleet } of views) await fleet.stop();
    await bed?.close?.();
  }, SOON_MS);
  return {
    get bed() {
      if (!bed) throw new Error('the bed is not open');
      return bed;
    },
    get fleet() {
      return first().fleet;
    },
    workload: name => first().workload(name),
    node: name => first().node(name),
    tasks: name => first().tasks(name),
    source: () => first().source(),
    all: look => ({
      toBe: expected => ofEach(async view => soon(() => look(view)).toBe(expected)),
      toMatch: expected => ofEach(async view => soon(() => look(view)).toMatch(expected)),
    }),
  };
}

function view(source: Source): View {
  const fleet = new Fleet({ everyMs: 0 });
  fleet.watch(source);
  const looked = () => {
    fleet.flush();
    return fleet;
  };
  const workload = (name: string) => looked().named('workload', name)[0];
  return {
    fleet,
    workload,
    node: name => looked().named('node', name)[0],
    tasks: name =>
      fleet
        .replicasOf(workload(name)?.id ?? '')
        .filter(each => each.wanted !== 'gone')
        .sort((one, other) => (one.slot ?? 0) - (other.slot ?? 0)),
    source: () => looked().sources()[0],
  };
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
