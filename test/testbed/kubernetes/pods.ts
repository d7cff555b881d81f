import { setTimeout as sleep } from 'node:timers/promises';
import { KubeClient } from '../../helpers/kube-client.ts';

/**
 * `pods.ts KUBECONFIG COUNT`: makes so many pods beside the platform, in namespaces of their own, and ends when all of
 * them run; 0 removes them all.
 */
const [kubeconfig = '', count = '0'] = process.argv.slice(2);
const client = new KubeClient(kubeconfig);
const wanted = Number(count);
const NAMESPACES = Array.from({ length: 4 }, (_, number) => `many-${number}`);
const AT_ONCE = 32;

await (wanted > 0 ? make() : remove());
client.close();

async function make(): Promise<void> {
  for (const name of NAMESPACES) {
    await client.post('/api/v1/namespaces', { metadata: { name } });
    // Without its account no pod is taken.
    const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
    while ((await client.send(account)).resume().statusCode !== 200) await sleep(50);
  }
  const { items } = await client.json<{ items: { metadata: { name: string } }[] }>('/api/v1/nodes');
  const nodes = items.map(each => each.metadata.name);
  let next = 0;
  const post = async () => {
    for (let number = next++; number < wanted; number = next++) {
      const namespace = NAMESPACES[number % NAMESPACES.length];
      await client.post(`/api/v1/namespaces/${namespace}/pods`, podOf(number, nodes[number % nodes.length] ?? ''));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, post));
  while ((await countOf('&fieldSelector=status.phase=Running')) < wanted) await sleep(300);
}

async function remove(): Promise<void> {
  await Promise.all(NAMESPACES.map(removeIn));
  while ((await countOf('')) > 0) await sleep(300);
  for (const name of NAMESPACES) {
    while ((await client.send(`/api/v1/namespaces/${name}`)).resume().statusCode !== 404) await sleep(200);
  }
}

/** A few at a time: a request that takes a minute is ended by the server. */
async function removeIn(namespace: string): Promise<void> {
  const some = `/api/v1/namespaces/${namespace}/pods?limit=250`;
  for (let left = 1; left > 0; ) {
    left = (await client.delete<{ items: unknown[] }>(some, { gracePeriodSeconds: 0 })).items.length;
  }
  await client.delete(`/api/v1/namespaces/${namespace}`).catch(gone);
}

/** Names and labels only: the server sends them quicker than the objects. */
async function countOf(selector: string): Promise<number> {
  const path = `/api/v1/pods?labelSelector=bed=many${selector}&resourceVersion=0`;
  const headers = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
  const { items } = await client.json<{ items: unknown[] | null }>(path, { headers });
  return items?.length ?? 0;
}

function gone(error: { status?: number }): void {
  if (error.status !== 404) throw error;
}

/** A tenant's, by its shape; it is given to a node, so that no scheduler is asked. */
function podOf(number: number, nodeName: string): object {
  const name = `odoo-tenant${String(number).padStart(5, '0')}`;
  const env = ['HOST', 'DB_NAME', 'ODOO_URL'].map(each => ({ name: each, value: `${each}-${number}` }));
  const resources = { requests: { cpu: '50m', memory: '256Mi' }, limits: { cpu: '200m', memory: '512Mi' } };
  const labels = { app: 'odoo', bed: 'many', 'saasodoo.instance.name': name };
  return {
    metadata: { name, labels },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      containers: [{ name: 'odoo', image: 'registry.saasodoo.test/odoo:18.0', env, resources }],
    },
  };
}
