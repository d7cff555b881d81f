import type { Risk } from '../../model/deed.ts';
import type { Workload } from '../../model/entity.ts';
import { kubectl, patchOf, resource, right, rolledOut } from '../kubernetes.ts';
import { limitsOf } from '../limits.ts';
import { at } from '../prove.ts';
import { STEADY_MS, serviceStanding, updateOf } from '../swarm.ts';
import { InputError, type Plan, type Subject, Unfit, type Verb } from '../verb.ts';

const MOST = 10_000;

/** How many replicas a workload has: a number, or so many more or fewer. */
export const scale: Verb = {
  name: 'scale',
  title: 'Scale',
  help: 'Change how many replicas run: a number, +n or -n',
  kinds: ['workload'],
  parts: [
    { at: ['spec', 'replicas'], risk: riskOf },
    { at: ['Spec', 'Mode', 'Replicated', 'Replicas'], risk: riskOf },
  ],
  unfit(noun) {
    if (noun.kind !== 'workload') return 'only workloads are scaled';
    if (noun.type === 'DaemonSet') return 'a DaemonSet runs on each node: there is no number to change';
    if (noun.type === 'Global' || noun.type === 'GlobalJob') {
      return 'a global service runs on each node: there is no number to change';
    }
    if (noun.type === 'Deployment' || noun.type === 'StatefulSet' || noun.type === 'Service') return null;
    return `a ${noun.type} is not scaled`;
  },
  fields: noun => [
    {
      name: 'replicas',
      label: 'replicas',
      initial: String((noun as Workload).wanted ?? ''),
      help: 'a number, +n or -n',
    },
  ],
  async plan(subject, { replicas = '' }) {
    const noun = subject.noun as Workload;
    const now = replicasOf(subject);
    const wanted = numberOf(replicas, now);
    const common = {
      risk: riskOf(now, wanted),
      changes: [{ what: 'replicas', from: String(now), to: String(wanted) }],
      notes: [...notes(noun, now, wanted), ...(await limitsOf(subject))],
      inverse: { verb: 'scale', input: { replicas: String(now) } },
    };
    return noun.system === 'kubernetes'
      ? inKubernetes(subject, noun, wanted, common)
      : inSwarm(subject, wanted, common);
  },
};

/** Fewer may be too few; with none nothing answers any more. */
function riskOf(from: unknown, to: unknown): Risk {
  const [before, after] = [Number(from ?? 1), Number(to ?? 1)];
  if (after === 0 && before > 0) return 'destructive';
  return after < before ? 'disruptive' : 'safe';
}

type Common = Pick<Plan, 'risk' | 'changes' | 'notes' | 'inverse'>;

function inKubernetes(subject: Subject, noun: Workload, wanted: number, common: Common): Plan {
  const { path, client } = subject;
  return {
    ...common,
    command: `${kubectl(noun)} scale ${resource(noun)} --replicas=${wanted}`,
    rights: [right(path, 'patch')],
    edits: [patchOf(subject, { spec: { replicas: wanted } })],
    proofs: [{ path, at: ['spec', 'replicas'], is: wanted }],
    standing: async signal => rolledOut(noun.type, await client.get(path, signal)),
  };
}

function inSwarm(subject: Subject, wanted: number, common: Common): Plan {
  const { noun, path } = subject;
  return {
    ...common,
    command: `docker service scale ${noun.name}=${wanted}`,
    rights: [],
    edits: [updateOf(subject, spec => ({ ...spec, Mode: { Replicated: { Replicas: wanted } } }))],
    proofs: [{ path, at: ['Spec', 'Mode', 'Replicated', 'Replicas'], is: wanted }],
    standing: signal => serviceStanding(subject, signal),
    steadyMs: STEADY_MS,
  };
}

/** What the system itself wants now; what the screen showed may be older. */
function replicasOf({ noun, object }: Subject): number {
  const swarm = (noun as Workload).system === 'swarm';
  if (swarm && at(object, ['Spec', 'Mode', 'Replicated']) === null) throw new Unfit('it is no replicated service now');
  const replicas = at(object, swarm ? ['Spec', 'Mode', 'Replicated', 'Replicas'] : ['spec', 'replicas']);
  return typeof replicas === 'number' ? replicas : swarm ? 0 : 1;
}

function numberOf(text: string, now: number): number {
  const [, sign, digits] = /^\s*([+-]?)(\d{1,6})\s*$/.exec(text) ?? [];
  if (digits === undefined) throw new InputError('replicas', 'a number, +n or -n is wanted');
  const wanted = sign === '+' ? now + Number(digits) : sign === '-' ? now - Number(digits) : Number(digits);
  if (wanted < 0) throw new InputError('replicas', `there are only ${now}`);
  if (wanted > MOST) throw new InputError('replicas', `more than ${MOST} is surely not meant`);
  return wanted;
}

function notes({ ready, wanted: shown }: Workload, now: number, wanted: number): string[] {
  const told = [`now ${ready ?? '?'} of ${shown ?? now} ready`];
  if (wanted === now) told.push('it already has so many');
  if (wanted === 0 && now > 0) told.push('switches it off: nothing will answer');
  return told;
}
