import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { askJson } from './ask-http.ts';

/** The rows that kubectl prints, for it prints the server's own Tables: by column name. */
export interface KubernetesTruth {
  nodes: Row[];
  pods: Row[];
  deployments: Row[];
  statefulsets: Row[];
  daemonsets: Row[];
  jobs: Row[];
  cronjobs: Row[];
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
};

interface Config {
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string } }[];
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
}

interface Table {
  columnDefinitions: { name: string }[];
  rows: { cells: unknown[]; object: { metadata: { uid: string; name: string; namespace?: string } } }[];
}

/** What the API server says of itself; reads kubeconfigs with a token or an embedded certificate. */
export async function kubernetesTruth(kubeconfig: string, contextName?: string): Promise<KubernetesTruth> {
  const config: Config = parse(readFileSync(kubeconfig, 'utf8'));
  const name = contextName ?? config['current-context'];
  const context = config.contexts.find(each => each.name === name)?.context;
  const cluster = config.clusters.find(each => each.name === context?.cluster)?.cluster ?? {};
  const user = config.users.find(each => each.name === context?.user)?.user ?? {};
  const { protocol, hostname, port } = new URL(cluster.server ?? '');
  const decoded = (text: string | undefined) => text && Buffer.from(text, 'base64').toString();
  const table = async (path: string): Promise<Row[]> => {
    const answer = (await askJson({
      protocol,
      hostname,
      port,
      path,
      ca: decoded(cluster['certificate-authority-data']),
      cert: decoded(user['client-certificate-data']),
      key: decoded(user['client-key-data']),
      headers: {
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
        ...(user.token && { authorization: `Bearer ${user.token}` }),
      },
    })) as Table;
    return answer.rows.map(({ cells, object: { metadata } }) => ({
      ...Object.fromEntries(answer.columnDefinitions.map((column, index) => [column.name, cells[index]])),
      uid: metadata.uid,
      name: metadata.name,
      namespace: metadata.namespace ?? '',
    }));
  };
  const asked = Object.entries(PATHS).map(async ([plural, path]) => [plural, await table(path)]);
  return Object.fromEntries(await Promise.all(asked));
}
