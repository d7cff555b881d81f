import type { KubeClient } from '../../../helpers/kube-client.ts';
import type { Listener } from './follow.ts';
import type { NodeObject } from './objects.ts';

const BEAT_MS = 2_000;
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const HEALTHY = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** Says for every node of the cluster that it lives, but for those that are down. */
export class Nodes implements Listener<NodeObject> {
  readonly #client: KubeClient;
  readonly #isDown: (node: string) => boolean;
  readonly #returned: (node: string) => void;
  readonly #log: (line: string) => void;
  readonly #nodes = new Map<string, NodeObject>();

  constructor(
    client: KubeClient,
    isDown: (node: string) => boolean,
    returned: (node: string) => void,
    log: (line: string) => void,
  ) {
    this.#client = client;
    this.#isDown = isDown;
    this.#returned = returned;
    this.#log = log;
    setInterval(() => {
      for (const name of this.names) void this.#beat(name);
    }, BEAT_MS);
  }

  get names(): string[] {
    return [...this.#nodes.keys()];
  }

  seen(node: NodeObject): void {
    const isNew = !this.#nodes.has(node.metadata.name);
    this.#nodes.set(node.metadata.name, node);
    if (!isNew) return;
    this.#returned(node.metadata.name);
    void this.#beat(node.metadata.name);
  }

  gone(node: NodeObject): void {
    this.#nodes.delete(node.metadata.name);
  }

  async #beat(name: string): Promise<void> {
    if (this.#isDown(name)) return;
    try {
      await this.#renew(name);
      const conditions = this.#nodes.get(name)?.status?.conditions ?? [];
      if (conditions.find(each => each.type === 'Ready')?.status === 'True') return;
      await this.#tellHealthy(name, conditions);
      this.#returned(name);
    } catch (error) {
      this.#log(`node ${name}: ${(error as Error).message}`);
    }
  }

  async #renew(name: string): Promise<void> {
    const renewTime = new Date().toISOString().replace('Z', '000Z');
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime };
    await this.#client.patch(`${LEASES}/${name}`, { spec }).catch(() => {
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec };
      return this.#client.post(LEASES, lease);
    });
  }

  async #tellHealthy(name: string, before: { type: string; status: string; lastTransitionTime: string }[]) {
    const now = new Date().toISOString().slice(0, 19).concat('Z');
    const conditions = HEALTHY.map(([type, status, reason, message]) => {
      const same = before.find(each => each.type === type && each.status === status);
      const lastTransitionTime = same?.lastTransitionTime ?? now;
      return { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime };
    });
    await this.#client.patch(`/api/v1/nodes/${name}/status`, { status: { conditions } });
  }
}
