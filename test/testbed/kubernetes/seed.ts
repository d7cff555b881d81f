import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/demo/clock.ts';
import type { KubeObject, Plural } from '../../../src/demo/controller/kubernetes/objects.ts';
import { apiVersionOf, RESOURCES } from '../../../src/demo/controller/kubernetes/resources.ts';
import { World } from '../../../src/demo/world.ts';
import { KubeClient } from '../../helpers/kube-client.ts';

/**
 * `seed.ts KUBECONFIG KUBELET_PORT`: makes the platform in a real cluster as the embedded one makes it in its own, with
 * the same specifications: what the real server refuses is wrong there. Ends when all of it is ready. What is there
 * already stays as it is.
 */
const [kubeconfig = '', kubeletPort = ''] = process.argv.slice(2);
const client = new KubeClient(kubeconfig);
const { cluster } = new World({ clock: systemClock, preset: 'calm' });

/** What people make; the rest follows from it. */
const MADE: Plural[] = [
  'namespaces',
  'nodes',
  'configmaps',
  'secrets',
  'services',
  'deployments',
  'statefulsets',
  'daemonsets',
  'cronjobs',
  'ingresses',
  'poddisruptionbudgets',
];
const PATIENCE_MS = 90_000;

await makeStorage();
for (const plural of MADE) await Promise.all(cluster.store.list(plural).map(each => make(plural, each)));
const end = Date.now() + PATIENCE_MS;
for (let missing = await unready(); missing.length > 0; missing = await unready()) {
  if (Date.now() > end) throw new Error(`not ready: ${missing.join(', ')}`);
  await sleep(200);
}
client.close();

/** There is nobody who makes volumes on demand. */
async function makeStorage(): Promise<void> {
  await create('/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: 'cephfs' },
    provisioner: 'kubernetes.io/no-provisioner',
  });
  const volume = (number: number) => ({
    metadata: { name: `cephfs-${number}` },
    spec: {
      capacity: { storage: '200Gi' },
      accessModes: ['ReadWriteMany'],
      storageClassName: 'cephfs',
      hostPath: { path: `/nonexistent/${number}` },
    },
  });
  for (let number = 0; number < 12; number += 1) await create('/api/v1/persistentvolumes', volume(number));
}

async function make(plural: Plural, { apiVersion, kind, metadata, status, ...rest }: KubeObject): Promise<void> {
  const { name, namespace, labels, annotations } = metadata;
  const info = RESOURCES[plural];
  const root = info.group ? `/apis/${apiVersionOf(info)}` : `/api/${info.version}`;
  const path = `${root}${namespace ? `/namespaces/${namespace}` : ''}/${plural}`;
  await create(path, { apiVersion, kind, metadata: { name, labels, annotations }, ...rest });
  if (plural !== 'nodes') return;
  const addresses = [
    { type: 'InternalIP', address: '127.0.0.1' },
    { type: 'Hostname', address: name },
  ];
  const daemonEndpoints = { kubeletEndpoint: { Port: Number(kubeletPort) } };
  await client.patch(`${path}/${name}/status`, { status: { ...(status as object), addresses, daemonEndpoints } });
}

async function create(path: string, object: Made): Promise<void> {
  const { statusCode } = await client.send(`${path}/${object.metadata.name}`).then(answer => answer.resume());
  if (statusCode === 404) await client.post(path, object);
}

interface Made {
  metadata: { name: string; [field: string]: unknown };
  [field: string]: unknown;
}

interface Workload {
  metadata: { name: string; generation: number };
  spec: { replicas?: number };
  status: {
    observedGeneration?: number;
    readyReplicas?: number;
    numberReady?: number;
    desiredNumberScheduled?: number;
  };
}

/** The names of the workloads that do not stand yet. */
async function unready(): Promise<string[]> {
  const lists = await Promise.all(
    ['deployments', 'statefulsets', 'daemonsets'].map(plural =>
      client.json<{ items: Workload[] }>(`/apis/apps/v1/${plural}`),
    ),
  );
  return lists
    .flatMap(({ items }) => items)
    .filter(({ metadata, spec, status }) => {
      const wanted = spec.replicas ?? status.desiredNumberScheduled ?? 0;
      const ready = status.readyReplicas ?? status.numberReady ?? 0;
      return status.observedGeneration !== metadata.generation || ready !== wanted;
    })
    .map(({ metadata }) => metadata.name);
}
