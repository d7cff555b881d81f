import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../../../helpers/kube-client.ts';
import { backoffMs, behaviourOf } from './behaviour.ts';
import type { Listener } from './follow.ts';
import type { Pod } from './objects.ts';
import { endedWith, now, type Place, statusOf } from './pod-status.ts';

interface Life {
  pod: Pod;
  restarts: number;
  ip: string;
  timer: NodeJS.Timeout | null;
  /** What is to be done when its node returns. */
  held: (() => void) | null;
  ending: boolean;
  /** What was told last; what is told next waits for it, or it could be overtaken. */
  told: Promise<void>;
}

/** The pods of all nodes, and what becomes of them. */
export class Pods implements Listener<Pod> {
  readonly #client: KubeClient;
  readonly #isDown: (node: string) => boolean;
  readonly #log: (line: string) => void;
  readonly #lives = new Map<string, Life>();
  readonly #byName = new Map<string, Life>();
  #addresses = 0;

  constructor(client: KubeClient, isDown: (node: string) => boolean, log: (line: string) => void) {
    this.#client = client;
    this.#isDown = isDown;
    this.#log = log;
  }

  get(namespace: string, name: string): Pod | null {
    return this.#byName.get(`${namespace}/${name}`)?.pod ?? null;
  }

  /** Those that run on nodes that answer. */
  running(): Pod[] {
    const all = [...this.#lives.values()].map(life => life.pod);
    return all.filter(({ spec, status }) => status?.phase === 'Running' && !this.#isDown(spec.nodeName ?? ''));
  }

  seen(pod: Pod): void {
    if (!pod.spec.nodeName) return;
    const known = this.#lives.get(pod.metadata.uid);
    if (known) known.pod = pod;
    const life = known ?? this.#born(pod);
    if (pod.metadata.deletionTimestamp) this.#end(life);
    else if (!known) this.#begin(life);
  }

  gone(pod: Pod): void {
    const life = this.#lives.get(pod.metadata.uid);
    if (!life) return;
    if (life.timer) clearTimeout(life.timer);
    this.#lives.delete(pod.metadata.uid);
    const name = nameOf(pod);
    if (this.#byName.get(name) === life) this.#byName.delete(name);
  }

  /** The node is back: what waited for it goes on, and what runs is ready again. */
  resume(node: string): void {
    for (const life of this.#lives.values()) {
      if (life.pod.spec.nodeName !== node) continue;
      const { held } = life;
      life.held = null;
      if (held) held();
      else if (life.pod.status?.containerStatuses?.every(each => each.ready)) {
        this.#tell(life, { at: 'running', ready: true, since: life.pod.status.startTime ?? now() });
      }
    }
  }

  #born(pod: Pod): Life {
    const number = this.#addresses++;
    const ip = pod.status?.podIP ?? `10.42.${(number >> 8) & 255}.${number & 255}`;
    const restarts = pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
    const life: Life = { pod, restarts, ip, timer: null, held: null, ending: false, told: Promise.resolve() };
    this.#lives.set(pod.metadata.uid, life);
    this.#byName.set(nameOf(pod), life);
    return life;
  }

  /** A pod that this kubelet has not seen before; it may have been begun by one before it. */
  #begin(life: Life): void {
    const { phase, containerStatuses = [] } = life.pod.status ?? {};
    const isReady = phase === 'Running' && containerStatuses.every(each => each.ready);
    if (phase === 'Succeeded' || phase === 'Failed') return;
    const { missing, ends } = behaviourOf(life.pod);
    if (missing) {
      this.#tell(life, { at: 'pulling', reason: 'ErrImagePull' });
      this.#later(life, 1_000, () => this.#tell(life, { at: 'pulling', reason: 'ImagePullBackOff' }));
    } else if (!isReady || ends) this.#run(life);
  }

  #run(life: Life): void {
    const { readyMs, ends } = behaviourOf(life.pod);
    const since = now();
    const isProbed = readyMs > 0;
    this.#tell(life, { at: 'running', ready: !isProbed && !ends?.exitCode, since });
    if (ends) this.#later(life, ends.afterMs, () => this.#ended(life, ends.exitCode, since));
    else if (isProbed) this.#later(life, readyMs, () => this.#tell(life, { at: 'running', ready: true, since }));
  }

  #ended(life: Life, exitCode: number, since: string): void {
    const { restartPolicy } = life.pod.spec;
    const last = endedWith(exitCode, since);
    if (restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && exitCode === 0)) {
      return this.#tell(life, { at: 'ended', last });
    }
    const wait = backoffMs(life.restarts);
    const message = `back-off ${wait / 1000}s restarting failed container`;
    this.#tell(life, { at: 'waiting', message, last });
    this.#later(life, wait, () => {
      life.restarts += 1;
      this.#run(life);
    });
  }

  #end(life: Life): void {
    if (life.ending) return;
    life.ending = true;
    const { metadata } = life.pod;
    this.#later(life, behaviourOf(life.pod).stopMs, () => {
      const options = { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } };
      this.#call(life, () => this.#client.delete(pathOf(life.pod), options));
    });
  }

  #tell(life: Life, place: Place): void {
    const { restarts } = life;
    this.#call(life, () => {
      const status = statusOf(life.pod, place, restarts, life.ip);
      return this.#client.patch(`${pathOf(life.pod)}/status`, { metadata: { uid: life.pod.metadata.uid }, status });
    });
  }

  /** A pod does one thing after the other; on a node that is down, nothing. */
  #later(life: Life, ms: number, act: () => void): void {
    if (life.timer) clearTimeout(life.timer);
    life.timer = setTimeout(() => {
      if (this.#isDown(life.pod.spec.nodeName ?? '')) life.held = act;
      else act();
    }, ms);
  }

  #call(life: Life, call: () => Promise<unknown>): void {
    if (this.#isDown(life.pod.spec.nodeName ?? '')) life.held = () => this.#call(life, call);
    else life.told = life.told.then(() => this.#insist(life, call));
  }

  /** Again and again while the server is away. */
  async #insist(life: Life, call: () => Promise<unknown>): Promise<void> {
    while (this.#lives.has(life.pod.metadata.uid)) {
      try {
        await call();
        return;
      } catch (error) {
        const { status, message } = error as Error & { status?: number };
        // Another one under its name is no concern of this one's.
        if (status === 404 || (status === 409 && /uid/i.test(message))) return;
        this.#log(`pod ${nameOf(life.pod)}: ${message}`);
        await sleep(1_000);
      }
    }
  }
}

function nameOf({ metadata: { namespace, name } }: Pod): string {
  return `${namespace}/${name}`;
}

function pathOf({ metadata: { namespace, name } }: Pod): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}
