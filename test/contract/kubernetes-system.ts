import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { at } from '../../src/actions/prove.ts';
import type { Kind } from '../../src/model/entity.ts';
import { type KubeClient, Refused } from '../helpers/kube-client.ts';
import type { Target } from './actions.ts';
import { NAMESPACE, POLL } from './kubernetes-bed.ts';

const APPS = `/apis/apps/v1/namespaces/${NAMESPACE}`;
const BATCH = `/apis/batch/v1/namespaces/${NAMESPACE}`;
const CORE = `/api/v1/namespaces/${NAMESPACE}`;
/** Where no kubelet is: what is there is told to end, and nobody ends it. */
export const NOWHERE = 'nowhere';

interface Made {
  kind: Kind;
  collection: string;
  manifest: { apiVersion: string; kind: string; metadata: object; spec: object; status?: object };
  /** What is wanted of it, changed by somebody else. */
  change: object;
}

/** A cluster, and what is made in it for tests: all of it by somebody who may do everything. */
export class KubernetesSystem {
  readonly client: KubeClient;
  readonly folder: string;
  /** Images that run, and one that was never pushed. */
  readonly images: { now: string; next: string; missing: string };

  static async open(client: KubeClient): Promise<KubernetesSystem> {
    const known = await client.json(`${APPS}/deployments/frontend-service`);
    const now = String(at(known, ['spec', 'template', 'spec', 'containers', '0', 'image']));
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-actions-'));
    return new KubernetesSystem(client, folder, now);
  }

  private constructor(client: KubeClient, folder: string, now: string) {
    this.client = client;
    this.folder = folder;
    const tagged = (tag: string) => now.replace(/:[^:/]*$/, `:${tag}`);
    this.images = { now, next: tagged('2026.10'), missing: tagged('2026.12-missing') };
  }

  deployment(name: string, { image = this.images.now, nodeName = '', paused = false } = {}): Promise<Target> {
    return this.#make(name, {
      kind: 'workload',
      collection: `${APPS}/deployments`,
      manifest: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, labels: { app: name } },
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: name } },
          template: { metadata: { labels: { app: name } }, spec: this.#pod(image, nodeName) },
          ...(paused && { paused }),
        },
      },
      change: { spec: { revisionHistoryLimit: 3 } },
    });
  }

  /** One whose pod does not end. */
  async undying(name: string): Promise<Target> {
    const target = await this.deployment(name, { nodeName: NOWHERE });
    const pods = `${CORE}/pods?labelSelector=app=${name}`;
    await vi.waitFor(async () => {
      const { items } = await this.client.json<{ items: unknown[] }>(pods);
      if (items.length === 0) throw new Error(`${name} has no pod yet`);
    }, POLL);
    const clean = async () => {
      await target.clean();
      await this.client.delete(pods, { gracePeriodSeconds: 0 });
    };
    return { ...target, clean };
  }

  /** One with a revision before the present one, of this image. */
  async released(name: string, image = this.images.next): Promise<Target> {
    const target = await this.deployment(name, { image });
    const path = `${APPS}/deployments/${name}`;
    const revision = async (number: string) => {
      const object = await this.client.json(path);
      const annotations = at(object, ['metadata', 'annotations']) as Record<string, string> | null;
      if (annotations?.['deployment.kubernetes.io/revision'] !== number) throw new Error(`no revision ${number} yet`);
    };
    await vi.waitFor(() => revision('1'), POLL);
    const containers = [{ name: 'main', image: this.images.now }];
    await this.client.patch(path, { spec: { template: { spec: { containers } } } }, 'strategic-merge');
    await vi.waitFor(() => revision('2'), POLL);
    return target;
  }

  cronJob(name: string, image = this.images.now): Promise<Target> {
    const { containers } = this.#pod(image);
    return this.#make(name, {
      kind: 'workload',
      collection: `${BATCH}/cronjobs`,
      manifest: {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name },
        spec: {
          schedule: '0 3 1 1 *',
          jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers } } } },
        },
      },
      change: { spec: { startingDeadlineSeconds: 9_999 } },
    });
  }

  pod(name: string, nodeName = '', labels: object = { app: name }): Promise<Target> {
    return this.#make(name, {
      kind: 'replica',
      collection: `${CORE}/pods`,
      manifest: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels },
        spec: this.#pod(this.images.now, nodeName),
      },
      change: { spec: { activeDeadlineSeconds: 9_999 } },
    });
  }

  claim(name: string): Promise<Target> {
    return this.#make(name, {
      kind: 'claim',
      collection: `${CORE}/persistentvolumeclaims`,
      manifest: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name },
        spec: {
          accessModes: ['ReadWriteMany'],
          storageClassName: 'of-nobody',
          resources: { requests: { storage: '1Gi' } },
        },
      },
      change: { metadata: { labels: { somebody: 'else' } } },
    });
  }

  /** One that a pod uses which does not end. */
  async claimInUse(name: string): Promise<Target> {
    const claim = await this.claim(name);
    const spec = {
      ...this.#pod(this.images.now, NOWHERE),
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }],
    };
    const user = await this.#make(`${name}-user`, {
      kind: 'replica',
      collection: `${CORE}/pods`,
      manifest: { apiVersion: 'v1', kind: 'Pod', metadata: { name: `${name}-user` }, spec },
      change: {},
    });
    return { ...claim, clean: () => user.clean().then(() => claim.clean()) };
  }

  /** A node that nothing is put on but what names it. */
  node(name: string, { cordoned = false } = {}): Promise<Target> {
    return this.#make(name, {
      kind: 'node',
      collection: '/api/v1/nodes',
      manifest: {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/hostname': name } },
        spec: { taints: [{ key: 'bed/alone', effect: 'NoSchedule' }], ...(cordoned && { unschedulable: true }) },
        status: {
          capacity: { cpu: '4', memory: '8Gi', pods: '110' },
          allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
        },
      },
      change: { spec: { taints: [{ key: 'somebody', value: 'else', effect: 'PreferNoSchedule' }] } },
    });
  }

  /** With a pod on it, which a budget holds there when it is told so. */
  async nodeInUse(name: string, { held = false } = {}): Promise<Target> {
    const node = await this.node(name);
    const budgets = `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets`;
    if (held) {
      await this.client.post(budgets, {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name },
        spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
      });
    }
    const pod = await this.pod(`${name}-pod`, name, { app: name });
    const clean = async () => {
      if (held) await this.#gone(`${budgets}/${name}`);
      await pod.clean();
      await node.clean();
    };
    return { ...node, clean };
  }

  /** How many jobs a CronJob has made. */
  async jobsOf({ uid }: Target): Promise<number> {
    const { items } = await this.client.json<{ items: unknown[] }>(`${BATCH}/jobs`);
    return items.filter(job => at(job, ['metadata', 'ownerReferences', '0', 'uid']) === uid).length;
  }

  /** The target as a text that says this of it. */
  async text(target: Target, spec: object, { whole = false } = {}): Promise<string> {
    // What the controller writes to it at first would be taken away again by a text that is older.
    const object = await vi.waitFor(async () => {
      const read = (await target.read()) as Record<string, unknown>;
      if (at(read, ['status', 'observedGeneration']) === null) throw new Error(`${target.name} was seen by nobody yet`);
      return read;
    }, POLL);
    const { status: _, metadata, ...rest } = object;
    const { managedFields: __, ...told } = metadata as Record<string, unknown>;
    const { name, namespace } = told;
    const full = { ...rest, metadata: whole ? told : { name, namespace }, spec: { ...(rest.spec as object), ...spec } };
    const file = join(this.folder, `${target.name}.json`);
    await writeFile(file, JSON.stringify(full));
    return file;
  }

  async close(): Promise<void> {
    await this.#bury();
    await rm(this.folder, { recursive: true });
  }

  /** What daemons of the cluster had on nodes that are gone again: its own collector takes more than a minute for it. */
  async #bury(): Promise<void> {
    const list = async (plural: string) =>
      (await this.client.json<{ items: object[] }>(`/api/v1/${plural}`)).items.map(item => ({
        name: String(at(item, ['metadata', 'name'])),
        namespace: at(item, ['metadata', 'namespace']),
        node: at(item, ['spec', 'nodeName']),
      }));
    const pods = await list('pods');
    const nodes = new Set((await list('nodes')).map(({ name }) => name));
    for (const { name, namespace, node } of pods) {
      if (node !== null && !nodes.has(String(node))) await this.#gone(`/api/v1/namespaces/${namespace}/pods/${name}`);
    }
  }

  #pod(image: string, nodeName = '') {
    return {
      terminationGracePeriodSeconds: 60,
      containers: [{ name: 'main', image, resources: { requests: { cpu: '10m', memory: '16Mi' } } }],
      ...(nodeName !== '' && { nodeName }),
    };
  }

  async #make(name: string, { kind, collection, manifest, change }: Made): Promise<Target> {
    const { client } = this;
    const path = `${collection}/${name}`;
    const make = async () => String(at(await client.post(collection, manifest), ['metadata', 'uid']));
    const read = () => client.json(path).catch(notThere);
    const remove = () => this.#gone(path);
    return {
      kind,
      name,
      uid: await make(),
      mark: name,
      read,
      touch: async () => void (await client.patch(path, { metadata: { annotations: { somebody: 'else' } } })),
      change: async () => void (await client.patch(path, change)),
      remove,
      async replace() {
        await remove();
        await make();
      },
      clean: remove,
    };
  }

  async #gone(path: string): Promise<void> {
    const options = { propagationPolicy: 'Background', gracePeriodSeconds: 0 };
    await vi.waitFor(async () => {
      await this.client.delete(path, options).catch(notThere);
      if ((await this.client.json(path).catch(notThere)) !== null) throw new Error(`${path} is still there`);
    }, POLL);
  }
}

function notThere(error: unknown): null {
  if (error instanceof Refused && error.status === 404) return null;
  throw error;
}
