import { isOver, isWanted, type SwarmNode, type Task } from './objects.ts';
import type { Swarm } from './swarm.ts';

/** Gives a task to the node with the fewest of its kind, or says in the scheduler's words why none may have it. */
export function schedule(swarm: Swarm, task: Task): void {
  if (task.NodeID || !isWanted(task) || isOver(task)) return;
  const reasons = new Map<string, number>();
  const fitting: SwarmNode[] = [];
  for (const node of swarm.store.list('node')) {
    const obstacle = obstacleOn(swarm, node, task);
    if (obstacle) reasons.set(obstacle, (reasons.get(obstacle) ?? 0) + 1);
    else fitting.push(node);
  }
  const best = fitting.sort((a, b) => crowd(swarm, a, task) - crowd(swarm, b, task))[0];
  if (best) {
    swarm.setTask(task, 'assigned', 'scheduler assigned task to node', { NodeID: best.ID, Err: null });
    return;
  }
  const why = [...reasons].map(([reason, count]) => reason.replace('#', `${count} node${count === 1 ? '' : 's'}`));
  const Err = `no suitable node (${why.join('; ')})`;
  if (task.Status.State === 'pending' && task.Status.Err === Err) return;
  swarm.setTask(task, 'pending', 'pending task scheduling', { Err });
}

/** Whether a service's task may run on a node at all. */
export function meets(node: SwarmNode, constraints: string[] = []): boolean {
  return constraints.every(constraint => {
    const [, key = '', operator = '', wanted = ''] = /^\s*([\w.-]+)\s*(==|!=)\s*(.+?)\s*$/.exec(constraint) ?? [];
    const is = attributeOf(node, key) === wanted;
    return operator === '==' ? is : !is;
  });
}

function attributeOf(node: SwarmNode, key: string): string | undefined {
  if (key === 'node.id') return node.ID;
  if (key === 'node.role') return node.Spec.Role;
  if (key === 'node.hostname') return node.Description.Hostname;
  if (key === 'node.platform.os') return node.Description.Platform.OS;
  if (key === 'node.platform.arch') return node.Description.Platform.Architecture;
  return node.Spec.Labels[key.replace(/^node\.labels\./, '')];
}

function obstacleOn(swarm: Swarm, node: SwarmNode, task: Task): string | null {
  if (node.Status.State !== 'ready' || node.Spec.Availability !== 'active') return '# not available for new tasks';
  if (!meets(node, task.Spec.Placement?.Constraints)) return 'scheduling constraints not satisfied on #';
  const asked = task.Spec.Resources?.Reservations ?? {};
  const others = swarm.tasksOn(node.ID);
  const reserved = (what: 'NanoCPUs' | 'MemoryBytes') =>
    others.reduce((sum, each) => sum + (each.Spec.Resources?.Reservations?.[what] ?? 0), asked[what] ?? 0);
  const { NanoCPUs, MemoryBytes } = node.Description.Resources;
  if (reserved('NanoCPUs') > NanoCPUs || reserved('MemoryBytes') > MemoryBytes) return 'insufficient resources on #';
  return null;
}

function crowd(swarm: Swarm, node: SwarmNode, task: Task): number {
  const tasks = swarm.tasksOn(node.ID);
  return tasks.filter(each => each.ServiceID === task.ServiceID).length * 1000 + tasks.length;
}
