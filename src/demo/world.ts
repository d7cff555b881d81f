import type { Clock } from './clock.ts';
import { Cluster } from './controller/kubernetes/cluster.ts';
import { planGenesis } from './controller/kubernetes/genesis.ts';
import { planLife } from './controller/life.ts';
import { STILL_FOR_MS, Storage } from './controller/storage.ts';
import { planSwarm } from './controller/swarm/genesis.ts';
import { Swarm } from './controller/swarm/swarm.ts';
import { Random } from './random.ts';
import { lastNight, type Shape, shapeOf } from './shape.ts';
import { Timeline } from './timeline.ts';

/** How the platform is when it starts: with its troubles, without, or without and nothing moving. */
export type Preset = 'default' | 'calm' | 'still';

export interface WorldOptions {
  clock: Clock;
  seed?: number;
  preset?: Preset;
  /** Kubernetes pods in all, up to 10,000; null for the shape's own. */
  scale?: number | null;
  /** Pod changes a second beside what happens anyway, up to 500. */
  changesPerSecond?: number;
  /** What went wrong already before the start: plans it on the timeline. */
  past?: (world: World) => void;
}

/** Longer than the oldest thing of the platform is old. */
const HISTORY_MS = 220 * 86_400_000;
/** Between two steps of the timeline at least: what is due within is done together. */
const STEP_MS = 10;

/**
 * The embedded platform's single state, and its time: what both APIs, the CephFS and the HTTP services serve. Its past
 * is made in the constructor, by the same controllers that make its future.
 */
export class World {
  readonly shape: Shape;
  readonly preset: Preset;
  readonly seed: number;
  readonly timeline: Timeline;
  readonly cluster: Cluster;
  readonly swarm: Swarm;
  readonly storage: Storage;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly #clock: Clock;
  #sleep: (() => void) | null = null;

  constructor({ clock, seed = 1, preset = 'default', scale = null, changesPerSecond = 0, past }: WorldOptions) {
    const now = clock.now();
    const calm = preset !== 'default';
    const random = new Random(seed);
    // Where nothing moves, no age may turn over either: days do that rarely.
    const lived = preset === 'still' ? now - STILL_FOR_MS : now;
    this.#clock = clock;
    this.seed = seed;
    this.preset = preset;
    this.startedAt = now;
    this.shape = shapeOf({ seed, calm });
    this.timeline = new Timeline(lived - HISTORY_MS);
    this.cluster = new Cluster(this.timeline, random.fork());
    this.swarm = new Swarm(this.timeline, random.fork());
    this.cluster.calm = calm;
    planGenesis(this.cluster, { shape: this.shape, now: lived, scale, calm, still: this.still });
    planSwarm(this.swarm, { shape: this.shape, now: lived, calm });
    planLife(this, { random: random.fork(), now: lived, changesPerSecond: this.still ? 0 : changesPerSecond });
    past?.(this);
    this.timeline.runUntil(now);
    this.storage = new Storage(this.shape, this.timeline, { still: this.still, backupsFrom: lastNight(now) });
  }

  /** Nothing at all happens unless a client makes it happen. */
  get still(): boolean {
    return this.preset === 'still';
  }

  /** How far the timeline lags behind the clock, in milliseconds: after a sleep of the machine. */
  get behindMs(): number {
    return this.#clock.now() - this.timeline.now;
  }

  /** Brings the timeline to the clock's moment. Whoever reads or changes the state calls it first. */
  catchUp(): void {
    this.timeline.runUntil(this.#clock.now());
  }

  /** Lets time pass by itself. */
  run(): void {
    this.catchUp();
    const next = this.timeline.next;
    // Someone may plan something meanwhile: never sleep long.
    const wake = Math.min(next ?? Number.POSITIVE_INFINITY, this.#clock.now() + 1000);
    this.#sleep = this.#clock.wakeAt(Math.max(wake, this.#clock.now() + STEP_MS), () => this.run());
  }

  stop(): void {
    this.#sleep?.();
    this.#sleep = null;
  }
}
