import { Images } from '../images.ts';
import { behaviourOf } from './behaviour.ts';
import type { Cluster } from './cluster.ts';
import { record, type Telling } from './events.ts';
import { iso } from './moments.ts';
import type { ContainerStatus, Pod } from './objects.ts';
import { ended, started, waiting, withCondition, withContainers } from './pod-status.ts';
import { isOver } from './relations.ts';

/** The kubelets of all nodes: they pull, start, probe, restart and stop what the scheduler gave to their node. */
export class Kubelet {
  readonly #cluster: Cluster;
  /** By pod uid: the walk that counts. What an older walk still had planned is void. */
  readonly #walks = new Map<string, number>();
  /** By pod uid: how often in a row its container ended. */
  readonly #failures = new Map<string, number>();
  readonly #images = new Map<string, Set<string>>();
  #walk = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** A pod came to a node, is to go, or its node came back: goes on from where its status stands. */
  attend(pod: Pod): void {
    const node = pod.spec.nodeName;
    if (!node || this.#cluster.downNodes.has(node) || !this.#cluster.store.get('nodes', undefined, node)) return;
    this.#walks.set(pod.metadata.uid, ++this.#walk);
    if (pod.metadata.deletionTimestamp) this.#stop(pod);
    else if (isOver(pod)) return;
    else if (this.#cluster.settling) this.#settle(pod);
    else if (!pod.status.containerStatuses) this.#later(pod, this.#cluster.delay(100, 300), now => this.#prepare(now));
    else if (pod.status.containerStatuses.every(each => each.state.running)) this.#watch(pod);
    else this.#later(pod, 500, now => this.#pull(now, 0));
  }

  /** Ends a running container: it is started again, after an ever longer wait when it happens again and again. */
  end(
    pod: Pod,
    { exitCode, reason = 'Error', lastLine }: { exitCode: number; reason?: string; lastLine?: string },
  ): void {
    const uid = pod.metadata.uid;
    this.#walks.set(uid, ++this.#walk);
    const now = this.#cluster.timeline.now;
    const { restartPolicy = 'Always' } = pod.spec;
    if (restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && exitCode === 0)) {
      this.#finish(pod, exitCode);
      return;
    }
    const startedAt = pod.status.containerStatuses?.[0]?.state.running?.startedAt;
    // Ten quiet minutes forgive what was before.
    const wasQuiet = startedAt !== undefined && now - Date.parse(startedAt) > 600_000;
    const failures = (wasQuiet ? 0 : (this.#failures.get(uid) ?? 0)) + 1;
    this.#failures.set(uid, failures);
    this.#setContainers(pod, each => ended(each, { exitCode, reason, lastLine, now }));
    if (failures === 1) this.#later(pod, 800, again => this.#run(again));
    else this.#later(pod, 600, again => this.#backOff(again, Math.min(300, 10 * 2 ** (failures - 2))));
  }

  /** The pod is gone: nothing is remembered of it. */
  forget(pod: Pod): void {
    this.#walks.delete(pod.metadata.uid);
    this.#failures.delete(pod.metadata.uid);
  }

  #prepare(pod: Pod): void {
    const { timeline, store } = this.#cluster;
    const created = store.modify('pods', pod, now => ({
      ...now,
      status: {
        ...withContainers(
          now,
          now.spec.containers.map(each => waiting(each, 'ContainerCreating')),
          timeline.now,
        ),
        phase: 'Pending',
        hostIP: this.#cluster.addressOf(now.spec.nodeName ?? ''),
        startTime: iso(timeline.now),
      },
    }));
    if (created) this.#later(created, this.#cluster.delay(150, 500), now => this.#pull(now, 0));
  }

  #pull(pod: Pod, tries: number): void {
    const images = this.#imagesOn(pod);
    const missing = pod.spec.containers.find(each => !this.#cluster.images.has(each.image));
    if (missing) return this.#refusePull(pod, missing.name, missing.image, tries);
    let ms = 0;
    for (const { name, image, imagePullPolicy } of pod.spec.containers) {
      if (images.has(image) && imagePullPolicy !== 'Always') {
        this.#tell(pod, { reason: 'Pulled', message: `Container image "${image}" already present on machine` }, name);
        continue;
      }
      this.#tell(pod, { reason: 'Pulling', message: `Pulling image "${image}"` }, name);
      const took = images.has(image) ? this.#cluster.delay(150, 400) : this.#cluster.delay(900, 3_500);
      ms += took;
      images.add(image);
      const text = took < 1000 ? `${Math.round(took)}ms` : `${(took / 1000).toFixed(3)}s`;
      this.#later(pod, took, now =>
        this.#tell(
          now,
          {
            reason: 'Pulled',
            message: `Successfully pulled image "${image}" in ${text} (${text} including waiting). Image size: ${180 + image.length}204112 bytes.`,
          },
          name,
        ),
      );
    }
    this.#later(pod, ms + this.#cluster.delay(100, 400), now => this.#run(now));
  }

  #refusePull(pod: Pod, container: string, image: string, tries: number): void {
    const why = Images.refusal(image);
    this.#tell(pod, { reason: 'Pulling', message: `Pulling image "${image}"` }, container);
    this.#later(pod, this.#cluster.delay(300, 900), now => {
      this.#tell(
        now,
        { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${why}` },
        container,
      );
      this.#tell(now, { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' }, container);
      this.#setContainers(now, each => ({ ...each, state: { waiting: { reason: 'ErrImagePull', message: why } } }));
      const seconds = Math.min(300, 10 * 2 ** tries);
      this.#later(now, 2_000, later => {
        this.#tell(later, { reason: 'BackOff', message: `Back-off pulling image "${image}"` }, container);
        this.#tell(later, { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' }, container);
        const message = `Back-off pulling image "${image}": ErrImagePull: ${why}`;
        this.#setContainers(later, each => ({ ...each, state: { waiting: { reason: 'ImagePullBackOff', message } } }));
        this.#later(later, seconds * 1000, again => this.#pull(again, tries + 1));
      });
    });
  }

  #run(pod: Pod): void {
    const { timeline, store } = this.#cluster;
    const again = pod.status.containerStatuses?.some(each => each.state.terminated || each.lastState.terminated);
    const running = store.modify('pods', pod, now => {
      const podIP = now.status.podIP ?? this.#cluster.giveAddress(now.spec.nodeName ?? '');
      const statuses = (now.status.containerStatuses ?? []).map(each => this.#started(each));
      return {
        ...now,
        status: { ...withContainers(now, statuses, timeline.now), phase: 'Running', podIP, podIPs: [{ ip: podIP }] },
      };
    });
    if (!running) return;
    for (const { name, image } of pod.spec.containers) {
      if (again) {
        this.#tell(pod, { reason: 'Pulled', message: `Container image "${image}" already present on machine` }, name);
      }
      this.#tell(pod, { reason: 'Created', message: `Created container: ${name}` }, name);
      this.#tell(pod, { reason: 'Started', message: `Started container ${name}` }, name);
    }
    this.#watch(running);
  }

  #started(each: ContainerStatus): ContainerStatus {
    const digest = this.#cluster.digestOf(each.image);
    return started(each, { digest, id: this.#cluster.random.hex(64), now: this.#cluster.timeline.now });
  }

  /** What becomes of running containers. */
  #watch(pod: Pod): void {
    const { crash, work, unready, readyMs } = behaviourOf(this.#cluster, pod);
    if (crash) this.#later(pod, crash.afterMs, now => this.end(now, crash));
    else if (work) {
      this.#setContainers(pod, each => ({ ...each, ready: true }));
      this.#later(pod, work.ms, now => this.#finish(now, work.exitCode));
    } else if (unready) this.#probeInVain(pod, unready);
    else this.#later(pod, readyMs, now => this.#setContainers(now, each => ({ ...each, ready: true })));
  }

  #probeInVain(pod: Pod, probe: string): void {
    this.#later(pod, 10_000, now => {
      this.#tell(
        now,
        { type: 'Warning', reason: 'Unhealthy', message: `Readiness probe failed: ${probe}` },
        containerOf(now),
      );
      this.#setContainers(now, each => ({ ...each, ready: false }));
      this.#watch(now);
    });
  }

  #finish(pod: Pod, exitCode: number): void {
    const { timeline, store } = this.#cluster;
    store.modify('pods', pod, now => {
      const reason = exitCode === 0 ? 'Completed' : 'Error';
      const before = now.status.containerStatuses ?? [];
      const statuses = before.map(each => ended(each, { exitCode, reason, now: timeline.now }));
      return {
        ...now,
        status: { ...withContainers(now, statuses, timeline.now), phase: exitCode === 0 ? 'Succeeded' : 'Failed' },
      };
    });
  }

  #backOff(pod: Pod, seconds: number): void {
    const { name, namespace, uid } = pod.metadata;
    const container = containerOf(pod);
    const wait = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
    const place = `container=${container} pod=${name}_${namespace}(${uid})`;
    this.#tell(
      pod,
      {
        type: 'Warning',
        reason: 'BackOff',
        message: `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`,
      },
      container,
    );
    this.#setContainers(pod, each => ({
      ...each,
      state: {
        waiting: { reason: 'CrashLoopBackOff', message: `back-off ${wait} restarting failed ${place}` },
      },
      lastState: each.state.terminated ? { terminated: each.state.terminated } : each.lastState,
    }));
    this.#later(pod, seconds * 1000, now => this.#run(now));
  }

  #stop(pod: Pod): void {
    const { timeline, store } = this.#cluster;
    for (const { name } of pod.spec.containers) {
      this.#tell(pod, { reason: 'Killing', message: `Stopping container ${name}` }, name);
    }
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    const walk = this.#walks.get(pod.metadata.uid);
    timeline.after(Math.min(grace, behaviourOf(this.#cluster, pod).stopMs), () => {
      const isUp = !this.#cluster.downNodes.has(pod.spec.nodeName ?? '');
      if (isUp && this.#walks.get(pod.metadata.uid) === walk) store.remove('pods', pod);
    });
  }

  /** History: straight to running and ready. */
  #settle(pod: Pod): void {
    const { timeline, store } = this.#cluster;
    for (const { image } of pod.spec.containers) this.#imagesOn(pod).add(image);
    store.modify('pods', pod, now => {
      const podIP = this.#cluster.giveAddress(now.spec.nodeName ?? '');
      const statuses = now.spec.containers.map(each => ({
        ...this.#started(waiting(each, 'ContainerCreating')),
        ready: true,
      }));
      return {
        ...now,
        status: {
          ...withContainers(now, statuses, timeline.now),
          phase: 'Running',
          hostIP: this.#cluster.addressOf(now.spec.nodeName ?? ''),
          startTime: iso(timeline.now),
          podIP,
          podIPs: [{ ip: podIP }],
        },
      };
    });
  }

  #setContainers(pod: Pod, change: (status: ContainerStatus) => ContainerStatus): void {
    const { timeline, store } = this.#cluster;
    store.modify('pods', pod, now => {
      const before = now.status.containerStatuses ?? [];
      return { ...now, status: withContainers(now, before.map(change), timeline.now) };
    });
  }

  #later(pod: Pod, ms: number, action: (pod: Pod) => void): void {
    const { timeline, store } = this.#cluster;
    const walk = this.#walks.get(pod.metadata.uid);
    timeline.after(ms, () => {
      if (this.#walks.get(pod.metadata.uid) !== walk) return;
      if (this.#cluster.downNodes.has(pod.spec.nodeName ?? '')) return;
      const now = store.current('pods', pod);
      if (now && !now.metadata.deletionTimestamp) action(now);
    });
  }

  #tell(pod: Pod, telling: Omit<Telling, 'component'>, container?: string): void {
    record(this.#cluster, pod, { ...telling, component: 'kubelet', host: pod.spec.nodeName, container });
  }

  #imagesOn(pod: Pod): Set<string> {
    const node = pod.spec.nodeName ?? '';
    const images = this.#images.get(node) ?? new Set();
    this.#images.set(node, images);
    return images;
  }
}

/** A node that stopped answering: what its pods do is not known, and so they are not ready. */
export function markUnreachable(cluster: Cluster, pod: Pod): void {
  cluster.store.modify('pods', pod, now => ({
    ...now,
    status: withCondition(now.status, { type: 'Ready', status: 'False' }, cluster.timeline.now),
  }));
}

function containerOf(pod: Pod): string {
  return pod.spec.containers[0]?.name ?? '';
}
