import type { Node } from '../../model/entity.ts';
import { type Client, Refusal } from '../../sources/client.ts';
import { kubectl, moved, right } from '../kubernetes.ts';
import { podsOn } from '../pods-on.ts';
import { at, uidOf } from '../prove.ts';
import { counted } from '../room.ts';
import { tasksOn } from '../swarm.ts';
import { InputError, type Plan, type Standing, type Subject, Unfit, type Verb } from '../verb.ts';

/** A node that is not to be one any more. */
export const removeNode: Verb = {
  name: 'remove',
  title: 'Remove',
  help: 'Take a node out of the cluster or the swarm',
  kinds: ['node'],
  unfit(noun) {
    if (noun.kind !== 'node') return 'only nodes are removed';
    return noun.roles.includes('manager') ? 'it is a manager: demote it first' : null;
  },
  fields: noun =>
    (noun as Node).system === 'swarm'
      ? [{ name: 'force', label: 'force', initial: 'no', help: 'yes: although it is not down', choices: ['no', 'yes'] }]
      : [],
  plan(subject, { force = 'no' }) {
    return (subject.noun as Node).system === 'swarm' ? inSwarm(subject, force === 'yes') : inKubernetes(subject);
  },
};

async function inSwarm(subject: Subject, force: boolean): Promise<Plan> {
  const { noun, path, object, client, signal } = subject;
  if (at(object, ['Spec', 'Role']) === 'manager') throw new Unfit('it is a manager: demote it first');
  const state = String(at(object, ['Status', 'State']));
  if (state !== 'down' && !force) {
    throw new InputError('force', `it is ${state}: drain it and stop its engine first, or force it`);
  }
  const running = (await tasksOn(String(uidOf(object)), client, signal)).filter(
    ({ Status }) => Status?.State === 'running',
  );
  return {
    ...common(subject),
    command: `docker node rm ${force ? '--force ' : ''}${noun.name}`,
    risk: force ? 'destructive' : 'disruptive',
    notes: [
      `it is ${state}`,
      ...(state !== 'down' ? ['its engine goes on believing that it is a member: docker swarm leave there'] : []),
      ...(running.length > 0 ? [`${counted(running.length, 'task')} on it will be given to others`] : []),
      'it can only come back by joining anew',
    ],
    rights: [],
    edits: [
      {
        path,
        seen: object,
        moved: fresh => (uidOf(fresh) === uidOf(object) ? null : `${noun.name} is another one now`),
        write: () => ({ method: 'DELETE', path: force ? `${path}?force=1` : path }),
      },
    ],
  };
}

async function inKubernetes(subject: Subject): Promise<Plan> {
  const { noun, path, object, client, signal } = subject;
  const { pods } = await podsOn(String(at(object, ['metadata', 'name'])), client, signal);
  const lost = pods.filter(({ stays, finished }) => stays === null && !finished);
  return {
    ...common(subject),
    command: `${kubectl(noun)} delete node ${noun.name}`,
    risk: 'destructive',
    notes: [
      lost.length === 0
        ? 'it is empty but for what belongs to it'
        : `it is not empty: ${counted(lost.length, 'pod')} will be deleted without a budget being asked. Drain it first`,
      ...((noun as Node).ready ? ['its kubelet runs: it registers the node anew unless it is stopped'] : []),
    ],
    rights: [right(path, 'delete')],
    edits: [
      {
        path,
        seen: object,
        moved: fresh => moved(noun, object, fresh),
        write: base => ({
          method: 'DELETE',
          path,
          body: {
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            preconditions: { uid: uidOf(base), resourceVersion: at(base, ['metadata', 'resourceVersion']) },
          },
        }),
      },
    ],
  };
}

function common({ noun, path, object, client }: Subject): Pick<Plan, 'changes' | 'proofs' | 'standing' | 'inverse'> {
  const gone = uidOf(object) ?? '';
  return {
    changes: [{ what: 'node', from: (noun as Node).state, to: 'gone' }],
    proofs: [{ path, gone }],
    standing: signal => standing(path, gone, client, signal),
    inverse: null,
  };
}

async function standing(path: string, gone: string, client: Client, signal: AbortSignal): Promise<Standing> {
  try {
    const there = uidOf(await client.get(path, signal));
    if (there === gone) return { state: 'under way', words: 'still there' };
    return { state: 'done', words: 'gone; another one has registered under its name' };
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return { state: 'done', words: 'gone' };
    throw error;
  }
}
