import type { Workload } from '../../model/entity.ts';
import { Refusal } from '../../sources/client.ts';
import type { ApiTask } from '../../sources/swarm/api.ts';
import { counted } from '../../text/format.ts';
import { deletionOf, goneStanding, kubectl, resource, right } from '../kubernetes.ts';
import { uidOf } from '../prove.ts';
import { type Edit, InputError, type Plan, type Standing, type Subject, type Verb } from '../verb.ts';

const PROPAGATIONS = ['Foreground', 'Background'] as const;

/** A workload goes, with all that it runs. */
export const remove: Verb = {
  name: 'delete',
  title: 'Delete',
  help: 'Remove a workload with all that it runs; a job that has ended, with its pods and their logs',
  kinds: ['workload'],
  unfit: noun => (noun.kind === 'workload' ? null : 'only workloads are deleted so'),
  fields: noun =>
    (noun as Workload).system === 'swarm'
      ? []
      : [
          {
            name: 'propagation',
            label: 'propagation',
            initial: 'Foreground',
            help: 'Foreground: it stays until its pods are gone; Background: its pods end later',
            choices: [...PROPAGATIONS],
          },
        ],
  plan(subject, { propagation = 'Foreground' }) {
    if ((subject.noun as Workload).system === 'swarm') return inSwarm(subject);
    const chosen = PROPAGATIONS.find(each => each.toLowerCase() === propagation.trim().toLowerCase());
    if (!chosen) throw new InputError('propagation', `${PROPAGATIONS.join(' or ')} is wanted`);
    return inKubernetes(subject, chosen);
  },
};

function inKubernetes(subject: Subject, propagation: 'Foreground' | 'Background'): Plan {
  const { path, object, fleet } = subject;
  const noun = subject.noun as Workload;
  const uid = uidOf(object);
  const left = () => `${counted(fleet.replicasOf(noun.id).length, 'pod')} still to end`;
  return {
    ...common(noun),
    command: `${kubectl(noun)} delete ${resource(noun)} --cascade=${propagation.toLowerCase()}`,
    rights: [right(path, 'delete')],
    edits: [deletionOf(subject, { propagation })],
    proofs: uid === null ? [] : [{ path, gone: uid }],
    standing: signal => goneStanding(subject, signal, left),
  };
}

/** The engine takes no version for it: the id says which one is meant. */
function inSwarm(subject: Subject): Plan {
  const { path, object } = subject;
  const noun = subject.noun as Workload;
  const uid = uidOf(object);
  const edit: Edit = { path, seen: object, moved: () => null, write: () => ({ method: 'DELETE', path }) };
  return {
    ...common(noun),
    command: `docker service rm ${noun.name}`,
    rights: [],
    edits: [edit],
    proofs: uid === null ? [] : [{ path, gone: uid }],
    standing: signal => serviceGone(subject, uid, signal),
  };
}

/** The service goes at once; its tasks are known until their containers have ended. */
async function serviceGone({ path, client }: Subject, uid: string | null, signal: AbortSignal): Promise<Standing> {
  const isThere = await client.get(path, signal).then(
    () => true,
    error => {
      if (error instanceof Refusal && error.status === 404) return false;
      throw error;
    },
  );
  if (isThere) return { state: 'under way', words: 'still there' };
  const tasks = (await client.get('/tasks', signal)) as ApiTask[];
  const left = tasks.filter(({ ServiceID, Status }) => ServiceID === uid && Status?.State === 'running');
  if (left.length > 0) return { state: 'under way', words: `${counted(left.length, 'task')} still to end` };
  return { state: 'done', words: 'gone' };
}

function common(noun: Workload): Pick<Plan, 'risk' | 'changes' | 'notes' | 'inverse'> {
  const isOver = noun.type === 'Job' && noun.finishedAt !== null;
  return {
    risk: isOver ? 'disruptive' : 'destructive',
    changes: [{ what: noun.type, from: noun.name, to: 'nothing' }],
    notes: [
      isOver ? 'it has ended; its pods and their logs go with it' : `ends ${counted(noun.ready ?? 0, 'ready replica')}`,
      ...BEHIND[noun.type],
      ...(noun.managedBy === null ? [] : [`${noun.managedBy} manages it, and may make it again`]),
      'there is no way back',
    ],
    inverse: null,
  };
}

/** What stays, and what goes as well. */
const BEHIND: Record<Workload['type'], string[]> = {
  Deployment: ['its revisions go with it'],
  StatefulSet: ['its revisions go with it; the volumes that were claimed for it stay'],
  DaemonSet: ['its revisions go with it'],
  Job: [],
  CronJob: ['its jobs go with it'],
  Service: ['its networks, volumes and configs stay'],
  Global: ['its networks, volumes and configs stay'],
  ReplicatedJob: [],
  GlobalJob: [],
};
