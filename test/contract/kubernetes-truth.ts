import { type KubeClient, Refused } from '../helpers/kube-client.ts';

/** The rows that kubectl prints, for it prints the server's own Tables: by column name. */
export interface KubernetesTruth {
  nodes: Row[];
  pods: Row[];
  deployments: Row[];
  statefulsets: Row[];
  daemonsets: Row[];
  jobs: Row[];
  cronjobs: Row[];
  ingresses: Row[];
  /** None where Traefik has not defined them. */
  ingressroutes: Row[];
}

export type Row = Record<string, unknown> & { uid: string; name: string; namespace: string };

const PATHS: Record<keyof KubernetesTruth, string> = {
  nodes: '/api/v1/nodes',
  pods: '/api/v1/pods',
  deployments: '/apis/apps/v1/deployments',
  statefulsets: '/apis/apps/v1/statefulsets',
  daemonsets: '/apis/apps/v1/daemonsets',
  jobs: '/apis/batch/v1/jobs',
  cronjobs: '/apis/batch/v1/cronjobs',
  ingresses: '/apis/networking.k8s.io/v1/ingresses',
  ingressroutes: '/apis/traefik.io/v1alpha1/ingressroutes',
};

interface Table {
  columnDefinitions: { name: string }[];
  rows: { cells: unknown[]; object: { metadata: { uid: string; name: string; namespace?: string } } }[];
}

/** What the API server says of itself. */
export async function kubernetesTruth(client: KubeClient): Promise<KubernetesTruth> {
  const table = async (path: string): Promise<Row[]> => {
    const answer = await client.json<Table>(path, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    return (answer.rows ?? []).map(({ cells, object: { metadata } }) => ({
      ...Object.fromEntries(answer.columnDefinitions.map((column, index) => [column.name, cells[index]])),
      uid: metadata.uid,
      name: metadata.name,
      namespace: metadata.namespace ?? '',
    }));
  };
  const asked = Object.entries(PATHS).map(async ([plural, path]) => {
    const rows = table(path);
    return [plural, await (plural === 'ingressroutes' ? rows.catch(noneIfUndefined) : rows)];
  });
  return Object.fromEntries(await Promise.all(asked));
}

function noneIfUndefined(error: unknown): Row[] {
  if (error instanceof Refused && error.status === 404) return [];
  throw error;
}
