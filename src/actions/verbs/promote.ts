import type { ApiNode } from '../../sources/swarm/api.ts';
import { isReachable, majority, managersOf, tolerance } from '../managers.ts';
import { at } from '../prove.ts';
import { updateOf } from '../swarm.ts';
import { NothingToDo, type Plan, type Standing, type Subject, Unfit, type Verb } from '../verb.ts';

type Role = 'manager' | 'worker';

const ROLE = ['Spec', 'Role'];

/** A worker of a swarm becomes one of its managers. */
export const promote: Verb = {
  name: 'promote',
  title: 'Promote',
  help: 'Make a worker of a swarm one of its managers',
  kinds: ['node'],
  parts: [{ at: ROLE, to: ['manager'] }],
  unfit(noun) {
    if (noun.kind !== 'node' || noun.system !== 'swarm') return 'only nodes of a swarm are promoted';
    if (noun.roles.includes('manager')) return 'it is a manager already';
    return noun.ready === true ? null : `it is ${noun.state}: only a node that is ready can be a manager`;
  },
  async plan(subject) {
    const { client, signal, object } = subject;
    if (at(object, ROLE) === 'manager') throw new NothingToDo('it is a manager already');
    const { all } = await managersOf(client, signal);
    return {
      ...common(subject, 'manager'),
      notes: [
        `now ${tolerance(all)}; then ${tolerance(all + 1)}`,
        ...((all + 1) % 2 === 0 ? ['an even number bears no more losses than one fewer: promote another one too'] : []),
        'it will hold the keys and secrets of the swarm',
      ],
    };
  },
};

/** A manager of a swarm becomes a worker; not when the others would be too few to decide. */
export const demote: Verb = {
  name: 'demote',
  title: 'Demote',
  help: 'Make a manager of a swarm a worker, unless the others would be too few to decide',
  kinds: ['node'],
  parts: [{ at: ROLE, to: ['worker'] }],
  unfit(noun) {
    if (noun.kind !== 'node' || noun.system !== 'swarm') return 'only nodes of a swarm are demoted';
    return noun.roles.includes('manager') ? null : 'it is a worker already';
  },
  async plan(subject) {
    const { client, signal, object } = subject;
    if (at(object, ROLE) !== 'manager') throw new NothingToDo('it is a worker already');
    const { all, reachable, leader } = await managersOf(client, signal);
    const others = reachable - (isReachable(object as ApiNode) ? 1 : 0);
    if (all === 1) throw new Unfit('it is the last manager: without one there is no swarm. Promote another one first');
    if (others < majority(all - 1)) {
      const words = `${others} of the ${all - 1} other managers ${others === 1 ? 'is' : 'are'} reachable`;
      throw new Unfit(`it would lose the quorum: ${words}, ${majority(all - 1)} are needed to decide anything`);
    }
    const self = at(await client.get('/info', signal), ['Swarm', 'NodeID']);
    const id = at(object, ['ID']);
    return {
      ...common(subject, 'worker'),
      notes: [
        `now ${tolerance(all)}; then ${tolerance(all - 1)}`,
        ...(leader === id ? ['it leads: another one will be elected first'] : []),
        ...(self === id ? ['it is the one that is asked here: it will answer nothing about the swarm any more'] : []),
      ],
    };
  },
};

function common(subject: Subject, role: Role): Omit<Plan, 'notes'> {
  const { noun, path } = subject;
  const verb = role === 'manager' ? 'promote' : 'demote';
  return {
    command: `docker node ${verb} ${noun.name}`,
    risk: 'disruptive',
    changes: [{ what: 'role', from: role === 'manager' ? 'worker' : 'manager', to: role }],
    rights: [],
    edits: [updateOf(subject, spec => ({ ...spec, Role: role }))],
    proofs: [{ path, at: ROLE, is: role }],
    standing: signal => standing(subject, role, signal),
    inverse: { verb: role === 'manager' ? 'demote' : 'promote', input: {} },
  };
}

/** The role is what is wished; whether it takes part in deciding is told apart from it. */
async function standing({ path, client }: Subject, role: Role, signal: AbortSignal): Promise<Standing> {
  const node = (await client.get(path, signal)) as ApiNode;
  const wanted = at(node, ROLE);
  if (wanted !== role) return { state: 'failed', words: `somebody has made it a ${String(wanted)} again` };
  if (role === 'worker') {
    const left = node.ManagerStatus === undefined;
    return { state: left ? 'done' : 'under way', words: left ? 'it is a worker' : 'still among the managers' };
  }
  if (isReachable(node)) return { state: 'done', words: 'it is a reachable manager' };
  return { state: 'under way', words: `manager ${node.ManagerStatus?.Reachability ?? 'not yet'}` };
}
