import { createHash } from 'node:crypto';
import type { SwarmNode } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { Random } from '../random.ts';
import { PLATFORM_SERVICES } from '../services.ts';
import type { World } from '../world.ts';
import { EngineError, refused } from './engine-error.ts';
import type { Exec } from './execs.ts';

export interface Image {
  id: string;
  /** null: it lost its name to a newer one. */
  tag: string | null;
  sizeBytes: number;
  /** Milliseconds since 1970. */
  createdAt: number;
}

export interface Volume {
  name: string;
  /** Nobody gave it a name. */
  anonymous: boolean;
  sizeBytes: number;
  createdAt: number;
  labels: Record<string, string>;
}

export interface CacheLayer {
  id: string;
  sizeBytes: number;
  createdAt: number;
}

const MiB = 2 ** 20;
const DAY = 86_400_000;

/** One machine's Docker engine: what stands on its disk and is no business of the swarm's. */
export class Engine {
  readonly world: World;
  readonly hostname: string;
  /** By id. */
  readonly execs = new Map<string, Exec>();
  /** Ended containers that were cleaned away, and tasks whose container was stopped by hand, by container id. */
  readonly removed = new Set<string>();
  /** Images that no task runs: former releases, and what lost its name. */
  readonly leftImages: Image[];
  volumes: Volume[];
  cache: CacheLayer[];

  constructor(world: World, hostname: string) {
    this.world = world;
    this.hostname = hostname;
    const { random, startedAt: now } = {
      random: new Random(world.seed ^ numberOf(hostname)),
      startedAt: world.startedAt,
    };
    const former = PLATFORM_SERVICES.flatMap(({ formerImage }) => formerImage ?? []);
    const mine = [...new Set(former)].filter(() => random.chance(0.4));
    this.leftImages = [
      ...mine.map(tag => imageOf(tag, now - 36 * DAY)),
      ...[1, 2, 3].map(() => ({
        id: `sha256:${random.hex(64)}`,
        tag: null,
        sizeBytes: random.integer(40, 400) * MiB,
        createdAt: now - random.integer(7, 90) * DAY,
      })),
    ];
    const volume = (name: string, anonymous: boolean): Volume => ({
      name,
      anonymous,
      sizeBytes: random.integer(1, 900) * MiB,
      createdAt: now - random.integer(3, 200) * DAY,
      labels: anonymous ? { 'com.docker.volume.anonymous': '' } : {},
    });
    this.volumes = [volume('pgadmin_sessions', false), volume(random.hex(64), true), volume(random.hex(64), true)];
    this.cache = [1, 2, 3, 4].map(() => ({
      id: random.text(25, 'abcdefghijklmnopqrstuvwxyz0123456789'),
      sizeBytes: random.integer(5, 250) * MiB,
      createdAt: now - random.integer(1, 40) * DAY,
    }));
  }

  get swarm(): Swarm {
    return this.world.swarm;
  }

  get node(): SwarmNode {
    const node = this.swarm.store.list('node').find(each => each.Description.Hostname === this.hostname);
    if (!node) throw new EngineError(503, NO_SWARM);
    return node;
  }

  /** Only managers tell of the swarm. Throws an EngineError. */
  mustManage(): void {
    if (this.node.Spec.Role !== 'manager') throw new EngineError(503, NO_MANAGER);
    if (!this.world.swarm.quorum.hasLeader) throw refused(500, 'Unknown', NO_LEADER);
  }
}

/** 500 on the engine that this was seen on, 20.10; later ones say 503. */
export const NO_LEADER =
  "The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";
const NO_SWARM =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const NO_MANAGER =
  "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.";

export function imageOf(tag: string, createdAt: number): Image {
  const id = imageId(tag);
  return { id, tag, sizeBytes: (60 + (numberOf(tag) % 800)) * MiB, createdAt };
}

export function imageId(image: string): string {
  return `sha256:${createHash('sha256').update(image).digest('hex')}`;
}

function numberOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
