import { isOver, type SwarmNode } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { EngineError, outOfSequence, refused } from './engine-error.ts';
import { isSet } from './filters.ts';
import { findNode } from './find.ts';
import { ROLES } from './nodes.ts';
import { versionOf } from './version-of.ts';

const AVAILABILITIES = ['active', 'pause', 'drain'];
/** Until a promoted node is one of the managers, or a demoted one is not any more. */
const ROLE_CHANGE_MS = 1_500;

/** `POST /nodes/ID/update`: role, availability and labels, all of them anew. */
export function updateNode(swarm: Swarm, wanted: string, query: URLSearchParams, body: () => object): void {
  const version = versionOf(query, 'node');
  const spec = body() as Partial<SwarmNode['Spec']>;
  const { Role, Availability, Labels } = spec;
  if (!Role || !ROLES.some(each => each === Role)) throw new EngineError(400, `invalid Role: "${Role ?? ''}"`);
  if (!Availability || !AVAILABILITIES.includes(Availability)) {
    throw new EngineError(400, `invalid Availability: "${Availability ?? ''}"`);
  }
  const node = findNode(swarm, wanted);
  if (version !== node.Version.Index) throw outOfSequence();
  const managers = swarm.store.list('node').filter(each => each.Spec.Role === 'manager');
  if (Role === 'worker' && node.Spec.Role === 'manager' && managers.length === 1) {
    throw refused(400, 'FailedPrecondition', 'attempting to demote the last manager of the swarm');
  }
  const next = { ...spec, Role, Availability, Labels: Labels ?? {} };
  swarm.store.modify('node', node.ID, now => ({ ...now, Spec: next }));
  if (Role !== node.Spec.Role) swarm.timeline.after(ROLE_CHANGE_MS, () => settleRole(swarm, node.ID));
}

/** `DELETE /nodes/ID`: only of a worker that is down, unless forced. What ran there is an orphan then. */
export function removeNode(swarm: Swarm, wanted: string, query: URLSearchParams): void {
  const { ID, Spec, Status } = findNode(swarm, wanted);
  if (Spec.Role === 'manager') {
    const why = 'is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal';
    throw refused(400, 'FailedPrecondition', `node ${ID} ${why}`);
  }
  if (Status.State !== 'down' && !isSet(query, 'force')) {
    throw refused(400, 'FailedPrecondition', `node ${ID} is not down and can't be removed`);
  }
  swarm.store.remove('node', ID);
  for (const task of swarm.tasksOn(ID)) {
    const orphan = isOver(task) ? null : swarm.setTask(task, 'orphaned', task.Status.Message);
    // The task of a slot is followed by another, elsewhere; that of a global service was this node's alone.
    if (orphan && orphan.Slot === undefined) swarm.wish(orphan, 'shutdown');
  }
}

/** A node that cannot be reached takes no part yet. */
function settleRole(swarm: Swarm, id: string): void {
  if (swarm.downNodes.has(id)) return void swarm.timeline.after(ROLE_CHANGE_MS, () => settleRole(swarm, id));
  swarm.store.modify('node', id, ({ ManagerStatus: _, ...now }) => ({
    ...now,
    ...(now.Spec.Role === 'manager' && {
      ManagerStatus: { Reachability: 'reachable', Addr: `${now.Status.Addr}:2377` },
    }),
  }));
}
