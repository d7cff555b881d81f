import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { KubeClient } from '../../../helpers/kube-client.ts';
import { follow } from './follow.ts';
import { serveMetrics } from './metrics.ts';
import { Nodes } from './nodes.ts';
import type { NodeObject, Pod } from './objects.ts';
import { Pods } from './pods.ts';
import { serveKubelet } from './server.ts';

/**
 * The kubelets of all nodes of a cluster, simulated: their leases and conditions, pods that become ready, end, crash or
 * cannot be pulled, and what an API server asks of a kubelet: logs, exec, attach and port-forward, in the protocols that it
 * speaks. Also the metrics API. A file in the folder `--down` with the name of a node silences that node's kubelet.
 */
const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string', default: '' },
    port: { type: 'string', default: '0' },
    'metrics-port': { type: 'string', default: '0' },
    certificate: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    'client-ca': { type: 'string', default: '' },
    down: { type: 'string', default: '' },
  },
});
const client = new KubeClient(values.kubeconfig);
// Nobody runs what is given to a node that does not exist.
const isDown = (node: string) => !nodes.names.includes(node) || existsSync(join(values.down, node));
const tls = { cert: readFileSync(values.certificate), key: readFileSync(values.key) };
const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);

const pods = new Pods(client, isDown, log);
const nodes = new Nodes(client, isDown, node => pods.resume(node), log);
serveKubelet(pods, { ...tls, ca: readFileSync(values['client-ca']) }, Number(values.port));
serveMetrics(pods, nodes, tls, Number(values['metrics-port']));
void follow<NodeObject>(client, '/api/v1/nodes', nodes, log);
void follow<Pod>(client, '/api/v1/pods', pods, log);
