import type { Random } from '../random.ts';
import { PLATFORM_SERVICES } from '../services.ts';
import { backupStamp, type InstanceShape, NAMESPACE, REGISTRY } from '../shape.ts';
import type { World } from '../world.ts';
import type { Cluster } from './kubernetes/cluster.ts';
import { createJob, endingOf } from './kubernetes/jobs.ts';
import { backupSpec } from './kubernetes/manifests.ts';
import { iso } from './kubernetes/moments.ts';
import type { Pod } from './kubernetes/objects.ts';
import { isReady } from './kubernetes/relations.ts';
import { STACK } from './swarm/stack.ts';
import type { Swarm } from './swarm/swarm.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface LifeOptions {
  random: Random;
  /** The start; life began an hour before. Milliseconds since 1970. */
  now: number;
  changesPerSecond: number;
}

/**
 * What happens on a platform by itself: restarts, releases, backups, uploads. Calm, nothing of it is a fault; still, it
 * ended ten minutes before the start.
 */
export function planLife(world: World, { random, now, changesPerSecond }: LifeOptions): void {
  const { timeline, preset, still } = world;
  const often = (from: number, to: number, act: () => void) =>
    timeline.every(
      () => random.between(from, to),
      () => {
        if (!still || timeline.now < now - 10 * MINUTE) act();
      },
    );
  timeline.at(now - 60 * MINUTE, () => {
    often(100 * SECOND, 260 * SECOND, () => restartDeployment(world, random));
    often(130 * SECOND, 320 * SECOND, () => forceSwarmUpdate(world, random));
    often(60 * SECOND, 150 * SECOND, () => backUp(world, random));
    if (preset === 'default') {
      often(240 * SECOND, 600 * SECOND, () => crashPod(world, random));
      often(400 * SECOND, 900 * SECOND, () => failTask(world, random));
    }
  });
  timeline.at(now, () => {
    often(10 * SECOND, 40 * SECOND, () => upload(world, random));
    if (changesPerSecond > 0) {
      const period = SECOND / changesPerSecond;
      // After a sleep of the machine the changes of the night are not made up for.
      timeline.every(
        () => Math.max(period, world.behindMs - 2 * SECOND),
        () => touchPod(world, random),
      );
    }
  });
}

function restartDeployment({ cluster }: World, random: Random): void {
  const { name } = random.pick(PLATFORM_SERVICES.filter(each => each.kind === 'api'));
  rollOut(cluster, name);
}

/** A rolling restart, as `kubectl rollout restart` makes it. */
function rollOut({ store, timeline }: Cluster, name: string): void {
  const deployment = store.get('deployments', NAMESPACE, name);
  if (!deployment) return;
  store.modify('deployments', deployment, now => {
    const { template } = now.spec;
    const annotations = { ...template.metadata.annotations, 'kubectl.kubernetes.io/restartedAt': iso(timeline.now) };
    return {
      ...now,
      spec: { ...now.spec, template: { ...template, metadata: { ...template.metadata, annotations } } },
    };
  });
}

function forceSwarmUpdate({ swarm }: World, random: Random): void {
  const { name } = random.pick(PLATFORM_SERVICES.filter(each => each.kind === 'api'));
  force(swarm, `${STACK}_${name}`);
}

/** As `docker service update --force` does. */
function force(swarm: Swarm, name: string): void {
  const service = swarm.store.list('service').find(each => each.Spec.Name === name);
  if (!service || swarm.updates.has(service.ID)) return;
  const { TaskTemplate } = service.Spec;
  const ForceUpdate = TaskTemplate.ForceUpdate + 1;
  swarm.updateService(service, { ...service.Spec, TaskTemplate: { ...TaskTemplate, ForceUpdate } });
}

/** A tenant's server is started anew, wherever it runs. */
export function restartInstance({ cluster, swarm }: World, { system, serviceName }: InstanceShape): void {
  if (system === 'swarm') force(swarm, serviceName);
  else rollOut(cluster, serviceName);
}

/** A tenant's server is stopped (0) or started (1). */
export function scaleInstance({ cluster, swarm }: World, instance: InstanceShape, replicas: number): void {
  if (instance.system === 'swarm') {
    const service = swarm.store.list('service').find(each => each.Spec.Name === instance.serviceName);
    if (service) swarm.updateService(service, { ...service.Spec, Mode: { Replicated: { Replicas: replicas } } });
    return;
  }
  const deployment = cluster.store.get('deployments', NAMESPACE, instance.serviceName);
  if (!deployment) return;
  cluster.store.modify('deployments', deployment, now => ({ ...now, spec: { ...now.spec, replicas } }));
}

/** A tenant's backup, as the instance-service starts one: the job first, the files when it is done. */
export function backUp(world: World, random: Random, instance: InstanceShape = anyInstance(world, random)): void {
  const { cluster, timeline } = world;
  const takenAt = timeline.now;
  const name = `backup-${instance.id}-${backupStamp(takenAt).replace('_', '')}`;
  if (cluster.store.get('jobs', NAMESPACE, name)) return;
  const spec = backupSpec(`${REGISTRY}/backup:2026.11`, ['backup', instance.databaseName]);
  const job = createJob(cluster, spec, { name, namespace: NAMESPACE });
  // Much as the one of the night.
  const nightly = world.shape.backups.find(each => each.databaseName === instance.databaseName);
  const { databaseBytes = 0, dataBytes = 0 } = nightly ?? {};
  const grown = { database: random.between(0.98, 1.04), data: random.between(0.98, 1.04) };
  const look = () => {
    const done = cluster.store.current('jobs', job);
    const ending = done && endingOf(done);
    if (done && !ending) timeline.after(5 * SECOND, look);
    if (ending?.type !== 'Complete' || timeline.now < world.startedAt) return;
    const { databaseName } = instance;
    world.storage.addBackup({
      databaseName,
      takenAt,
      databaseBytes: Math.round(databaseBytes * grown.database),
      // Of one that failed silently in the night too, the next one is whole.
      dataBytes: Math.round((dataBytes || instance.usedBytes * 0.4) * grown.data),
    });
  };
  timeline.after(5 * SECOND, look);
}

function crashPod({ cluster }: World, random: Random): void {
  const pod = anyPod(cluster.store.list('pods', NAMESPACE), random);
  if (!pod) return;
  const isOom = random.chance(0.4);
  cluster.kubelet.end(pod, isOom ? { exitCode: 137, reason: 'OOMKilled' } : { exitCode: 1, lastLine: 'worker died' });
}

function failTask({ swarm }: World, random: Random): void {
  const running = swarm.store
    .list('task')
    .filter(each => each.Status.State === 'running' && each.DesiredState === 'running');
  if (running.length) swarm.agent.end(random.pick(running), 1);
}

/** A tenant's files grow by some megabytes at once. */
function upload(world: World, random: Random): void {
  const { directory } = anyInstance(world, random);
  const now = world.storage.directory(directory);
  if (!now) return;
  const room = (now.quotaBytes ?? Number.POSITIVE_INFINITY) * 0.985 - now.usedBytes;
  const added = Math.min(room, random.between(0.2, 12) * 2 ** 20);
  if (added > 0) world.storage.setUsage(directory, now.usedBytes + added);
}

/** The smallest change of a pod that a screen would show: its container was started anew. */
export function touchPod({ cluster }: World, random: Random): void {
  const { store, timeline } = cluster;
  const pods = store.list('pods');
  const pod = pods[Math.floor(random.next() * pods.length)];
  if (!pod || !isReady(pod) || pod.metadata.deletionTimestamp) return;
  store.modify('pods', pod, now => {
    const containerStatuses = now.status.containerStatuses?.map(each => ({
      ...each,
      restartCount: each.restartCount + 1,
      state: { running: { startedAt: iso(timeline.now) } },
    }));
    return { ...now, status: { ...now.status, containerStatuses } };
  });
}

function anyPod(pods: readonly Pod[], random: Random): Pod | null {
  const ready = pods.filter(each => isReady(each) && !each.metadata.deletionTimestamp);
  return ready.length ? random.pick(ready) : null;
}

function anyInstance({ shape }: World, random: Random): InstanceShape {
  return random.pick(shape.instances.filter(each => each.status === 'running' && each.system === 'kubernetes'));
}
