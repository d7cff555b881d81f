import type { Node } from '../../model/entity.ts';
import { evictAll } from '../evictions.ts';
import { kubectl, right } from '../kubernetes.ts';
import { mayRunOn, type PodOn, podsOn, taintsOf, uidsOn } from '../pods-on.ts';
import { at } from '../prove.ts';
import { counted, type Mover, roomFor } from '../room.ts';
import { onSameMachine } from '../same-machine.ts';
import { InputError, type Plan, type Standing, type Subject, type Verb } from '../verb.ts';
import { availability } from './availability.ts';
import { cordonEdit, cordonProof, isCordoned } from './cordon.ts';

const MINUTES = '30';

/** Empties a node: no new replicas, and those that it has move to others, as far as their budgets let them. */
export const drain: Verb = {
  name: 'drain',
  title: 'Drain',
  help: 'Empty a node: its replicas move to the others, as far as disruption budgets let them',
  kinds: ['node'],
  parts: [{ at: ['Spec', 'Availability'], to: ['drain'] }],
  unfit: noun => (noun.kind === 'node' ? null : 'only nodes are drained'),
  fields: noun =>
    (noun as Node).system === 'swarm'
      ? []
      : [{ name: 'minutes', label: 'minutes', initial: MINUTES, help: 'after so many it gives up' }],
  plan(subject, { minutes = MINUTES }) {
    if ((subject.noun as Node).system === 'swarm') return availability.plan(subject, { availability: 'drain' });
    const limit = Number(minutes);
    if (!(limit > 0 && limit <= 24 * 60)) throw new InputError('minutes', 'a number of minutes is wanted, 1 to 1440');
    return inKubernetes(subject, limit);
  },
};

async function inKubernetes(subject: Subject, minutes: number): Promise<Plan> {
  const { path, object, client, fleet, signal } = subject;
  const noun = subject.noun as Node;
  const node = String(at(object, ['metadata', 'name']));
  const { pods, unread } = await podsOn(node, client, signal);
  const moving = pods.filter(({ stays }) => stays === null);
  const choosy = moving.filter(({ hasAffinity }) => hasAffinity);
  const wasCordoned = isCordoned(object);
  const flags = [
    ...(moving.length < pods.length ? ['--ignore-daemonsets'] : []),
    ...(moving.some(({ localData }) => localData) ? ['--delete-emptydir-data'] : []),
    ...(moving.some(({ unmanaged }) => unmanaged) ? ['--force'] : []),
    `--timeout=${minutes}m`,
  ];
  const cordoned = cordonProof(path, true);
  return {
    command: [`${kubectl(noun)} drain ${noun.name}`, ...flags].join(' '),
    risk: moving.some(({ unmanaged }) => unmanaged) ? 'destructive' : 'disruptive',
    changes: [
      ...(wasCordoned ? [] : [{ what: 'new pods', from: 'taken', to: 'none' }]),
      { what: 'pods', from: String(pods.length), to: String(pods.length - moving.length) },
    ],
    notes: [
      ...(noun.ready === false
        ? ['it does not answer: its pods end when it does, or when they are deleted with a grace of 0']
        : []),
      ...told(pods),
      ...onSameMachine(noun, fleet),
      ...(unread === null ? [] : [`disruption budgets cannot be read, and count all the same: ${unread}`]),
      ...roomFor(await movers(moving, subject), noun, fleet),
      ...(choosy.length > 0 ? [`not counted: the affinity rules of ${names(choosy)}`] : []),
    ],
    rights: [
      right(path, 'patch'),
      { verb: 'list', group: '', resource: 'pods', namespace: null },
      { verb: 'create', group: '', resource: 'pods', subresource: 'eviction', namespace: null },
    ],
    edits: wasCordoned ? [] : [{ ...cordonEdit(subject, true), proofs: [cordoned] }],
    follow: steps => evictAll(moving, { node, client, now: fleet.now, limitMs: minutes * 60_000 }, steps),
    proofs: [cordoned, ...moving.map(({ path, uid }) => ({ path, gone: uid }))],
    standing: signal => standing(subject, node, moving, signal),
    inverse: wasCordoned ? null : { verb: 'uncordon', input: {} },
  };
}

async function movers(moving: readonly PodOn[], { client, fleet, signal }: Subject): Promise<Mover[]> {
  const taints = await taintsOf(client, signal);
  const known = new Map([...fleet.all('replica').values()].map(replica => [replica.uid, replica]));
  return moving
    .filter(({ finished, unmanaged, leaving }) => !finished && !unmanaged && !leaving)
    .map(pod => ({
      name: pod.name,
      cpuMillicores: known.get(pod.uid)?.cpuRequestMillicores ?? null,
      memoryBytes: known.get(pod.uid)?.memoryRequestBytes ?? null,
      mayRunOn: ({ name, labels }) => mayRunOn(pod, taints.get(name) ?? [], labels),
    }));
}

function told(pods: readonly PodOn[]): string[] {
  const of = (test: (pod: PodOn) => boolean) => pods.filter(pod => pod.stays === null && test(pod));
  const staying = (kind: PodOn['stays']) => pods.filter(({ stays }) => stays === kind).length;
  const unmanaged = of(pod => pod.unmanaged);
  const local = of(pod => pod.localData);
  const tied = of(({ budgets }) => budgets.length > 1);
  const budgets = [...new Set(of(() => true).flatMap(pod => pod.budgets))];
  return [
    `${counted(of(() => true).length, 'pod')} will be evicted`,
    ...(staying('DaemonSet') > 0 ? [`${counted(staying('DaemonSet'), 'pod')} of DaemonSets will stay`] : []),
    ...(staying('mirror') > 0 ? [`${counted(staying('mirror'), 'mirror pod')} of the kubelet will stay`] : []),
    ...(unmanaged.length > 0 ? [`nothing makes them anew, they are gone for ever: ${names(unmanaged)}`] : []),
    ...(local.length > 0 ? [`data in an emptyDir are lost: ${names(local)}`] : []),
    ...(tied.length > 0 ? [`in more than one budget, which evictions refuse: ${names(tied)}`] : []),
    ...budgets.map(budget => {
      const held = of(pod => pod.budgets.includes(budget));
      const allows = budget.allowed === 0 ? 'allows none to go now' : `lets ${budget.allowed} go at a time`;
      return `budget ${budget.name} ${allows}: ${names(held)}`;
    }),
  ];
}

async function standing(
  { noun, path, client, fleet }: Subject,
  node: string,
  moving: readonly PodOn[],
  signal: AbortSignal,
): Promise<Standing> {
  if (!isCordoned(await client.get(path, signal))) return { state: 'failed', words: 'somebody has uncordoned it' };
  const there = await uidsOn(node, client, signal);
  const left = moving.filter(({ uid }) => there.has(uid));
  const words = `${moving.length - left.length} of ${moving.length} moved`;
  if (left.length > 0) return { state: 'under way', words };
  const homeless = [...fleet.all('replica').values()].filter(
    ({ source, node, message, wanted }) =>
      source === noun.source && node === null && message !== null && wanted === 'running',
  );
  return { state: 'done', words: homeless.length > 0 ? `${words}; no node for ${names(homeless)}` : words };
}

const NAMED = 5;

function names(of: readonly { name: string }[]): string {
  const first = of.slice(0, NAMED).map(({ name }) => name);
  return `${first.join(', ')}${of.length > NAMED ? ` and ${of.length - NAMED} more` : ''}`;
}
