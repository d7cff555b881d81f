import { createHash } from 'node:crypto';
import type { Complaint } from '../../log-lines.ts';
import type { Random } from '../../random.ts';
import type { Timeline } from '../../timeline.ts';
import { Images } from '../images.ts';
import { type Fault, workloadName } from './behaviour.ts';
import { reconcileCronJob } from './cron-jobs.ts';
import { reconcileDaemonSet } from './daemon-sets.ts';
import { reconcileDeployment } from './deployments.ts';
import { budgetsOf, reconcileBudget } from './disruption-budgets.ts';
import { reconcileService } from './endpoints.ts';
import { collect } from './garbage.ts';
import { reconcileJob } from './jobs.ts';
import { Kubelet } from './kubelet.ts';
import { Ledger } from './ledger.ts';
import { reconcileNode } from './nodes.ts';
import type { Kinds, KubeObject, Owner, Plural, Pod, PodSpec, Service } from './objects.ts';
import { controllerOf, isReady } from './relations.ts';
import { reconcileReplicaSet } from './replica-sets.ts';
import { schedule } from './scheduler.ts';
import { ServiceIndex } from './service-index.ts';
import { reconcileStatefulSet } from './stateful-sets.ts';
import { type Change, Store } from './store.ts';

type Reconcilers = { [P in Plural]?: (cluster: Cluster, object: Kinds[P]) => void };

/** Who brings each kind to where it should be. */
const RECONCILERS: Reconcilers = {
  deployments: reconcileDeployment,
  replicasets: reconcileReplicaSet,
  statefulsets: reconcileStatefulSet,
  daemonsets: reconcileDaemonSet,
  jobs: reconcileJob,
  cronjobs: reconcileCronJob,
  services: reconcileService,
  poddisruptionbudgets: reconcileBudget,
  nodes: reconcileNode,
};

const PLURALS: Record<string, Plural> = {
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Job: 'jobs',
  CronJob: 'cronjobs',
};

/**
 * The embedded Kubernetes cluster: its objects, and the controllers that wake when something changes and bring what is
 * a step nearer to what is wanted. Whoever changes an object, a client or a controller, sets the same wheels in motion.
 */
export class Cluster {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly store: Store;
  readonly images = new Images();
  readonly ledger = new Ledger();
  readonly services = new ServiceIndex();
  readonly kubelet: Kubelet;
  /** By workload name. */
  readonly faults = new Map<string, Fault>();
  /** What its pods write beside their usual lines, by workload name. */
  readonly complaints = new Map<string, Complaint>();
  /** Nothing that pods write by themselves is an error. */
  calm = false;
  /** Nodes whose kubelet is silent; the value is one loss. */
  readonly downNodes = new Map<string, object>();
  /** Pods for which there is no node, by uid. */
  readonly unschedulable = new Map<string, { pod: Pod; message: string }>();
  readonly eventNames = new Map<string, { name: string; namespace: string | undefined }>();
  /** Pod specifications with what admission adds, by the template's. */
  readonly admitted = new WeakMap<PodSpec, PodSpec>();
  /** While history is being made nothing takes time. */
  settling = false;
  /** Nothing is done that only the passing of time asks for. */
  still = false;
  /** Events from before are not recorded: they would have been forgotten by now. */
  eventsFrom = 0;
  readonly #awake = new Set<string>();
  readonly #addresses = new Map<string, number>();
  readonly #digests = new Map<string, string>();
  #retryPlanned = false;

  constructor(timeline: Timeline, random: Random, historySize?: number) {
    this.timeline = timeline;
    this.random = random;
    this.store = new Store(timeline, random.fork(), historySize);
    this.kubelet = new Kubelet(this);
    this.store.onChange(change => this.#react(change));
  }

  /** Milliseconds that a step takes. */
  delay(low: number, high: number): number {
    return this.settling ? 0 : this.random.between(low, high);
  }

  /** Its controller looks at it soon: once, however many ask. */
  wake(plural: Plural, object: KubeObject): void {
    const key = `${plural} ${object.metadata.uid}`;
    if (!RECONCILERS[plural] || this.#awake.has(key)) return;
    this.#awake.add(key);
    // In history a deployment waits for its replica sets, and they for their pods: each looks once, not at every step.
    const wait = this.settling ? (plural === 'deployments' ? 3 : 1) : this.delay(10, 80);
    this.timeline.after(wait, () => {
      this.#awake.delete(key);
      this.#reconcile(plural, object);
    });
  }

  /** Its controller looks at it at that moment. */
  wakeAt(plural: Plural, object: KubeObject, at: number): void {
    const key = `${plural} ${object.metadata.uid} ${at}`;
    if (this.#awake.has(key)) return;
    this.#awake.add(key);
    this.timeline.at(at, () => {
      this.#awake.delete(key);
      this.#reconcile(plural, object);
    });
  }

  /** From now on the workload's pods have this fault; null mends them, each when it is started or probed next. */
  setFault(workload: string, fault: Fault | null): void {
    if (!fault) {
      this.faults.delete(workload);
      return;
    }
    this.faults.set(workload, fault);
    for (const pod of this.podsOf(workload)) {
      if (fault.kind === 'crash') this.kubelet.end(pod, fault.crash);
      else this.kubelet.attend(pod);
    }
  }

  /** The pods of a workload that are running. */
  podsOf(workload: string): Pod[] {
    return this.store.list('pods').filter(pod => pod.status.phase === 'Running' && workloadName(pod) === workload);
  }

  addressOf(node: string): string {
    return this.store.get('nodes', undefined, node)?.status.addresses[0]?.address ?? '';
  }

  /** A free address in the node's range. */
  giveAddress(node: string): string {
    const range = this.store.get('nodes', undefined, node)?.spec.podCIDR ?? '10.42.0.0/24';
    const count = (this.#addresses.get(node) ?? 1) + 1;
    this.#addresses.set(node, count);
    return range.replace(/\.0\/24$/, `.${2 + (count % 250)}`);
  }

  digestOf(image: string): string {
    let digest = this.#digests.get(image);
    if (!digest) {
      digest = createHash('sha256').update(image).digest('hex');
      this.#digests.set(image, digest);
    }
    return digest;
  }

  #reconcile<P extends Plural>(plural: P, object: KubeObject): void {
    const current = this.store.current(plural, object);
    if (current) RECONCILERS[plural]?.(this, current);
  }

  #react(change: Change): void {
    const { resource, type, object, before } = change;
    if (type === 'DELETED') collect(this, resource, object);
    else if (RECONCILERS[resource] && isWork(before, object)) this.wake(resource, object);
    if (resource === 'pods') this.#reactToPod(type, object as Pod, before as Pod | null);
    if (resource === 'nodes') this.#reactToNode(change);
    if (resource === 'services') {
      const pods = () => this.store.list('pods', object.metadata.namespace);
      this.services.keepService(before as Service | null, type === 'DELETED' ? null : (object as Service), pods);
    }
    const owner = controllerOf(object);
    const plural = owner && PLURALS[owner.kind];
    if (plural) this.wake(plural, refer(owner, object.metadata.namespace));
  }

  #reactToPod(type: Change['type'], pod: Pod, before: Pod | null): void {
    this.ledger.keep(before, type === 'DELETED' ? null : pod);
    if (type !== 'MODIFIED' || isOfNote(before, pod)) {
      for (const budget of budgetsOf(this, pod)) this.wake('poddisruptionbudgets', budget);
    }
    this.#wakeServices(pod, before, type);
    if (type === 'DELETED') {
      this.kubelet.forget(pod);
      this.unschedulable.delete(pod.metadata.uid);
      this.#retryPending();
    } else if (!pod.spec.nodeName) {
      if (type === 'ADDED') this.timeline.after(this.delay(5, 40), () => this.#schedule(pod));
    } else if (!before?.spec.nodeName || (pod.metadata.deletionTimestamp && !before.metadata.deletionTimestamp)) {
      this.kubelet.attend(pod);
    }
  }

  #reactToNode({ type, object, before }: Change): void {
    const node = object as Kinds['nodes'];
    const old = before as Kinds['nodes'] | null;
    if (type === 'DELETED') {
      const stranded = [...this.ledger.on(node.metadata.name).pods.values()];
      this.timeline.after(this.delay(500, 1500), () => {
        for (const pod of stranded) this.store.remove('pods', pod);
      });
    }
    if (type === 'MODIFIED' && old?.spec === node.spec && old.metadata.labels === node.metadata.labels) return;
    for (const set of this.store.list('daemonsets')) this.wake('daemonsets', set);
    this.#retryPending();
  }

  #wakeServices(pod: Pod, before: Pod | null, type: Change['type']): void {
    const services = this.services.keepPod(before, type === 'DELETED' ? null : pod);
    if (type !== 'MODIFIED' || isOfNote(before, pod)) for (const service of services) this.wake('services', service);
  }

  #schedule(pod: Pod): void {
    const now = this.store.current('pods', pod);
    if (now) schedule(this, now);
  }

  /** Something may have made room: those who wait for a node are looked at again. */
  #retryPending(): void {
    if (this.#retryPlanned || this.unschedulable.size === 0) return;
    this.#retryPlanned = true;
    this.timeline.after(this.delay(50, 200), () => {
      this.#retryPlanned = false;
      for (const { pod } of [...this.unschedulable.values()]) this.#schedule(pod);
    });
  }
}

/** Whether those who count pods, or lead to them, must look again. */
function isOfNote(before: Pod | null, pod: Pod): boolean {
  return (
    before === null ||
    isReady(before) !== isReady(pod) ||
    before.status.podIP !== pod.status.podIP ||
    before.status.phase !== pod.status.phase ||
    before.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
    before.metadata.labels !== pod.metadata.labels
  );
}

/** Whether a change is one that its own controller must look at: its status alone is what it wrote itself. */
function isWork(before: KubeObject | null, object: KubeObject): boolean {
  return (
    before === null ||
    before.spec !== object.spec ||
    before.metadata.annotations !== object.metadata.annotations ||
    before.metadata.labels !== object.metadata.labels ||
    before.metadata.deletionTimestamp !== object.metadata.deletionTimestamp
  );
}

/** Enough of an object to find it again. */
function refer({ apiVersion, kind, name, uid }: Owner, namespace: string | undefined): KubeObject {
  return { apiVersion, kind, metadata: { name, uid, namespace, resourceVersion: '', creationTimestamp: '' } };
}
