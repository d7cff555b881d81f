import type { Node } from '../../model/entity.ts';
import type { ApiTask } from '../../sources/swarm/api.ts';
import { meetsConstraints } from '../placement.ts';
import { at } from '../prove.ts';
import { counted, roomFor } from '../room.ts';
import { onSameMachine } from '../same-machine.ts';
import { isAlive, nodeStanding, tasksOn, updateOf } from '../swarm.ts';
import { InputError, type Plan, type Standing, type Subject, type Verb } from '../verb.ts';

const CHOICES = ['active', 'pause', 'drain'] as const;
type Availability = (typeof CHOICES)[number];

const AT = ['Spec', 'Availability'];

/** Whether a node of a swarm takes tasks, keeps those that it has, or gives them to others. */
export const availability: Verb = {
  name: 'availability',
  title: 'Availability',
  help: 'Let a node of a swarm take tasks (active), take no new ones (pause), or give all to others (drain)',
  kinds: ['node'],
  parts: [{ at: AT }],
  unfit(noun) {
    if (noun.kind !== 'node') return 'only nodes have an availability';
    return noun.system === 'swarm' ? null : 'a Kubernetes node is cordoned or drained instead';
  },
  fields: noun => [
    {
      name: 'availability',
      label: 'availability',
      initial: (noun as Node).availability === 'active' ? 'drain' : 'active',
      help: 'active, pause or drain',
      choices: [...CHOICES],
    },
  ],
  async plan(subject, { availability: wanted = '' }) {
    if (!isAvailability(wanted)) throw new InputError('availability', 'active, pause or drain is wanted');
    const { path, object } = subject;
    const noun = subject.noun as Node;
    const now = String(at(object, AT) ?? 'active');
    return {
      command: `docker node update --availability ${wanted} ${noun.name}`,
      risk: wanted === 'drain' && now !== 'drain' ? 'disruptive' : 'safe',
      changes: [{ what: 'availability', from: now, to: wanted }],
      notes: [
        ...(now === wanted ? ['it already is so'] : []),
        ...(wanted === 'drain' ? await whatMoves(subject, noun) : []),
        ...(wanted === 'active' && now === 'drain' ? ['tasks do not come back by themselves: restart a service'] : []),
      ],
      rights: [],
      edits: [updateOf(subject, spec => ({ ...spec, Availability: wanted }))],
      proofs: [{ path, at: AT, is: wanted }],
      standing: signal => standing(subject, wanted, signal),
      inverse: now === wanted ? null : { verb: 'availability', input: { availability: now } },
    } satisfies Plan;
  },
};

function isAvailability(word: string): word is Availability {
  return (CHOICES as readonly string[]).includes(word);
}

async function whatMoves({ client, fleet, signal, object }: Subject, noun: Node): Promise<string[]> {
  const tasks = (await tasksOn(String(at(object, ['ID'])), client, signal)).filter(isAlive);
  const known = new Map([...fleet.all('replica').values()].map(replica => [replica.uid, replica]));
  // A task of a global service belongs to its node.
  const isBound = ({ ID = '', Slot }: ApiTask) => {
    const workload = fleet.get('workload', known.get(ID)?.workload ?? '');
    return workload ? /^Global/.test(workload.type) : Slot === undefined;
  };
  const moving = tasks.filter(task => !isBound(task));
  const ending = tasks.length - moving.length;
  const movers = moving.map(({ ID = '', Spec }) => ({
    name: known.get(ID)?.name ?? ID,
    cpuMillicores: part(Spec?.Resources?.Reservations?.NanoCPUs, 1e6),
    memoryBytes: part(Spec?.Resources?.Reservations?.MemoryBytes, 1),
    mayRunOn: (node: Node) => meetsConstraints(Spec?.Placement?.Constraints ?? [], node) !== false,
  }));
  return [
    moving.length > 0 ? `${counted(moving.length, 'task')} will be replaced on other nodes` : 'no task has to move',
    ...(ending > 0 ? [`${counted(ending, 'task')} of global services will end`] : []),
    ...onSameMachine(noun, fleet),
    ...roomFor(movers, noun, fleet),
  ];
}

async function standing(subject: Subject, wanted: Availability, signal: AbortSignal): Promise<Standing> {
  const { path, client } = subject;
  const now = at(await client.get(path, signal), AT);
  return now === wanted ? nodeStanding(subject, signal) : { state: 'under way', words: `it is still ${String(now)}` };
}

function part(amount: number | undefined, unit: number): number | null {
  return amount ? amount / unit : null;
}
