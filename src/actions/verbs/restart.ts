import type { Replica, Workload } from '../../model/entity.ts';
import { groupsOf } from '../groups.ts';
import { kubectl, patchOf, resource, right, rolledOut } from '../kubernetes.ts';
import { at } from '../prove.ts';
import { STEADY_MS, serviceStanding, updateOf } from '../swarm.ts';
import { type Plan, type Subject, Unfit, type Verb } from '../verb.ts';

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
const MARK = ['spec', 'template', 'metadata', 'annotations', RESTARTED_AT];
const COUNTER = ['TaskTemplate', 'ForceUpdate'];

/** New replicas in the place of all that run, by the workload's own way of rolling out. */
export const restart: Verb = {
  name: 'restart',
  title: 'Restart',
  help: 'Replace every replica by a new one, by the workload’s own way of rolling out',
  kinds: ['workload', 'replica'],
  parts: [{ at: MARK }, { at: ['Spec', ...COUNTER] }],
  unfit(noun) {
    if (noun.kind === 'replica') return noun.system === 'swarm' ? null : 'a pod is not restarted: delete or evict it';
    if (noun.kind !== 'workload') return 'only workloads are restarted';
    if (/Job$/.test(noun.type)) return `a ${noun.type} runs once: trigger it again instead`;
    return noun.wanted === 0 ? 'it is switched off: scale it up instead' : null;
  },
  plan(subject) {
    if (subject.noun.kind === 'replica') return ofTask(subject);
    return (subject.noun as Workload).system === 'kubernetes' ? inKubernetes(subject) : inSwarm(subject);
  },
};

/** As `kubectl rollout restart` does it. */
function inKubernetes(subject: Subject): Plan {
  const { path, client, now } = subject;
  const noun = subject.noun as Workload;
  const at = new Date(now).toISOString();
  return {
    ...common(subject, noun),
    command: `${kubectl(noun)} rollout restart ${resource(noun)}`,
    rights: [right(path, 'patch')],
    edits: [patchOf(subject, { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: at } } } } })],
    proofs: [{ path, at: MARK, is: at }],
    standing: async signal => rolledOut(noun.type, await client.get(path, signal)),
  };
}

/** As `docker service update --force` does it: a counter in the template, so that every task is of an older one. */
function inSwarm(subject: Subject): Plan {
  const { path, object } = subject;
  const noun = subject.noun as Workload;
  const before = at(object, ['Spec', ...COUNTER]);
  const ForceUpdate = (typeof before === 'number' ? before : 0) + 1;
  return {
    ...common(subject, noun),
    command: `docker service update --force ${noun.name}`,
    rights: [],
    edits: [updateOf(subject, spec => ({ ...spec, TaskTemplate: { ...(spec.TaskTemplate as object), ForceUpdate } }))],
    proofs: [{ path, at: ['Spec', ...COUNTER], is: ForceUpdate }],
    standing: signal => serviceStanding(subject, signal),
    steadyMs: STEADY_MS,
  };
}

/** Swarm cannot replace one task alone: one that is stuck goes with a forced update of its service. */
async function ofTask(subject: Subject): Promise<Plan> {
  const { noun, fleet, client, signal } = subject;
  const workload = fleet.get('workload', (noun as Replica).workload ?? '');
  const path = workload && fleet.source(workload.source)?.pathOf?.('workload', workload.id);
  if (!workload || !path) throw new Unfit(`the service of ${noun.name} is not known`);
  const plan = inSwarm({ ...subject, noun: workload, path, object: await client.get(path, signal) });
  return { ...plan, notes: ['a task cannot be replaced alone: its whole service is restarted', ...plan.notes] };
}

function common({ groups, fleet }: Subject, noun: Workload): Pick<Plan, 'risk' | 'changes' | 'notes' | 'inverse'> {
  const notes = [`replaces ${noun.wanted ?? 'all'} ${noun.wanted === 1 ? 'replica' : 'replicas'}`];
  if (noun.ready !== null && noun.wanted !== null && noun.ready < noun.wanted) {
    notes.push(
      `only ${noun.ready} of ${noun.wanted} ready now: what keeps the others from it may keep the new ones too`,
    );
  }
  const leaving = fleet.replicasOf(noun.id).filter(({ wanted, node }) => wanted === 'gone' && isLost(node, fleet));
  if (leaving.length > 0)
    notes.push(`on a node that does not answer, and not ended: ${leaving.map(each => each.name).join(', ')}`);
  if (noun.strategy === 'Recreate') notes.push('Recreate: all of them end before the first new one starts');
  else if (noun.wanted === 1) notes.push('it is the only one: it may be away for a moment');
  for (const { name, members } of groupsOf(groups, noun, fleet)) {
    const others = members.filter(({ id }) => id !== noun.id).map(member => member.name);
    notes.push(`belongs with ${others.join(', ')} (group ${name})`);
  }
  return { risk: 'disruptive', changes: [], notes, inverse: null };
}

function isLost(node: string | null, fleet: Subject['fleet']): boolean {
  return node !== null && fleet.get('node', node)?.ready === false;
}
