import type { SwarmNode } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { notFound, outOfSequence, refused } from './engine-error.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';
import { versionOf } from './services.ts';

export function listNodes(swarm: Swarm, query: URLSearchParams): SwarmNode[] {
  const filters = filtersOf(query, ['id', 'label', 'membership', 'name', 'node.label', 'role']);
  return swarm.store
    .list('node')
    .filter(
      ({ ID, Spec, Description }) =>
        meets(filters.id, id => ID.startsWith(id)) &&
        meets(filters.name, name => Description.Hostname.startsWith(name)) &&
        meets(filters.role, role => role === Spec.Role) &&
        meets(filters.membership, membership => membership === 'accepted') &&
        hasLabels(Spec.Labels, filters['node.label']),
    );
}

/** By id, by the beginning of one, by hostname, or `self`: the manager that answers. */
export function findNode(swarm: Swarm, wanted: string): SwarmNode {
  const nodes = swarm.store.list('node');
  const found =
    nodes.find(({ ID, Description, ManagerStatus }) =>
      wanted === 'self' ? ManagerStatus?.Leader : ID === wanted || Description.Hostname === wanted,
    ) ?? nodes.find(({ ID }) => ID.startsWith(wanted));
  if (!found) throw notFound('node', wanted);
  return found;
}

export function updateNode(swarm: Swarm, wanted: string, query: URLSearchParams, body: () => unknown): void {
  const node = findNode(swarm, wanted);
  const version = versionOf(query, 'node');
  const spec = body() as SwarmNode['Spec'];
  if (version !== node.Version.Index) throw outOfSequence();
  if (!['manager', 'worker'].includes(spec.Role))
    throw refused(400, 'InvalidArgument', `invalid node role ${spec.Role}`);
  if (!['active', 'pause', 'drain'].includes(spec.Availability)) {
    throw refused(400, 'InvalidArgument', `invalid node availability ${spec.Availability}`);
  }
  const managers = swarm.store.list('node').filter(each => each.Spec.Role === 'manager');
  if (spec.Role === 'worker' && node.Spec.Role === 'manager' && managers.length === 1) {
    throw refused(400, 'FailedPrecondition', 'attempting to demote the last manager of the swarm');
  }
  swarm.store.modify('node', node.ID, now => ({ ...now, Spec: { ...spec, Labels: spec.Labels ?? {} } }));
  if (spec.Role !== node.Spec.Role) swarm.timeline.after(1_500, () => settleRole(swarm, node.ID));
}

export function removeNode(swarm: Swarm, wanted: string, query: URLSearchParams): void {
  const { ID, Spec, Status } = findNode(swarm, wanted);
  const isForced = ['true', '1'].includes(query.get('force') ?? '');
  if (Spec.Role === 'manager') {
    const why = `node ${ID} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal`;
    throw refused(400, 'FailedPrecondition', why);
  }
  if (Status.State !== 'down' && !isForced) {
    throw refused(400, 'FailedPrecondition', `node ${ID} is not down and can't be removed`);
  }
  for (const task of swarm.tasksOn(ID)) swarm.store.remove('task', task.ID);
  swarm.store.remove('node', ID);
}

/** A promoted node joins the managers a moment later, a demoted one leaves them. */
function settleRole(swarm: Swarm, id: string): void {
  swarm.store.modify('node', id, ({ ManagerStatus: _, ...now }) => ({
    ...now,
    ...(now.Spec.Role === 'manager' && {
      ManagerStatus: { Reachability: 'reachable', Addr: `${now.Status.Addr}:2377` },
    }),
  }));
}
