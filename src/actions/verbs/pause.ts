import type { Workload } from '../../model/entity.ts';
import { kubectl, patchOf, resource, right, rolledOut } from '../kubernetes.ts';
import { at } from '../prove.ts';
import { STEADY_MS, serviceStanding, updateOf } from '../swarm.ts';
import { type Plan, type Subject, Unfit, type Verb } from '../verb.ts';

/** What is paused of each type, and the field that says so. */
const FIELDS: Readonly<Record<string, { field: string; what: string }>> = {
  Deployment: { field: 'paused', what: 'rollout' },
  CronJob: { field: 'suspend', what: 'schedule' },
  Job: { field: 'suspend', what: 'job' },
};

const PARTS = [
  ['spec', 'paused'],
  ['spec', 'suspend'],
];

/** A rollout stands still where it is; a CronJob begins no more jobs. */
export const pause: Verb = {
  name: 'pause',
  title: 'Pause',
  help: 'Hold the rollout of a Deployment, suspend a CronJob or a Job',
  kinds: ['workload'],
  parts: PARTS.map(at => ({ at, to: [true] })),
  unfit(noun) {
    if (noun.kind !== 'workload') return 'only workloads are paused';
    if (noun.system === 'swarm') return 'Swarm cannot pause an update: it does so itself when one fails';
    if (!FIELDS[noun.type]) return `a ${noun.type} cannot be paused`;
    if (noun.type === 'Job' && noun.finishedAt !== null) return 'it has ended';
    return isPaused(noun) ? 'it is paused already' : null;
  },
  plan: subject => inKubernetes(subject, true),
};

/** The way back. A paused update of Swarm goes on when the service is updated again. */
export const resume: Verb = {
  name: 'resume',
  title: 'Resume',
  help: 'Let a paused rollout, a suspended CronJob or Job go on',
  kinds: ['workload'],
  parts: PARTS.map(at => ({ at, to: [false, null] })),
  unfit(noun) {
    if (noun.kind !== 'workload') return 'only workloads are paused';
    if (noun.system === 'kubernetes' && !FIELDS[noun.type]) return `a ${noun.type} cannot be paused`;
    return isPaused(noun) ? null : 'it is not paused';
  },
  plan: subject =>
    (subject.noun as Workload).system === 'kubernetes' ? inKubernetes(subject, false) : inSwarm(subject),
};

function isPaused({ suspended, rollout }: Workload): boolean {
  return suspended || rollout?.state === 'paused';
}

function inKubernetes(subject: Subject, on: boolean): Plan {
  const { path, object, client } = subject;
  const noun = subject.noun as Workload;
  const { field, what } = FIELDS[noun.type] ?? { field: '', what: '' };
  if ((at(object, ['spec', field]) ?? false) === on) throw new Unfit(on ? 'it is paused now' : 'it is not paused now');
  // Of a Deployment the server keeps no false: as `kubectl rollout resume`, the field is taken away.
  const value = on || field !== 'paused' ? on : null;
  const verb = on ? 'pause' : 'resume';
  const patch = `'${JSON.stringify({ spec: { [field]: on } })}'`;
  const word = (is: boolean) => (is ? 'paused' : 'goes on');
  return {
    command:
      field === 'paused'
        ? `${kubectl(noun)} rollout ${verb} ${resource(noun)}`
        : `${kubectl(noun)} patch ${resource(noun)} --type=merge -p ${patch}`,
    risk: noun.type === 'Job' && on ? 'disruptive' : 'safe',
    changes: [{ what, from: word(!on), to: word(on) }],
    notes: notes(noun, on),
    rights: [right(path, 'patch')],
    edits: [patchOf(subject, { spec: { [field]: value } })],
    proofs: [{ path, at: ['spec', field], is: value }],
    async standing(signal) {
      const fresh = await client.get(path, signal);
      if (noun.type === 'Deployment' && !on) return rolledOut(noun.type, fresh);
      if ((at(fresh, ['spec', field]) ?? false) === on) return { state: 'done', words: `${what} ${word(on)}` };
      return { state: 'failed', words: 'somebody has turned it back already' };
    },
    inverse: { verb: on ? 'resume' : 'pause', input: {} },
  };
}

function notes({ type }: Workload, on: boolean): string[] {
  if (type === 'Deployment' && on) return ['what runs goes on as it is; changes of its template wait until it goes on'];
  if (type === 'Deployment') return ['all that was changed meanwhile is rolled out now'];
  if (type === 'CronJob' && on) return ['jobs that run go on; no new one begins'];
  if (type === 'CronJob') return ['what it missed is made up for once, where its deadline allows it'];
  return [on ? 'its pods end now, and begin anew when it goes on' : 'its pods begin anew'];
}

/** As `docker service update SERVICE` with nothing to change. */
function inSwarm(subject: Subject): Plan {
  const { noun, path, object } = subject;
  const state = at(object, ['UpdateStatus', 'State']);
  if (state !== 'paused' && state !== 'rollback_paused') throw new Unfit('its update is not paused now');
  return {
    command: `docker service update ${noun.name}`,
    risk: 'disruptive',
    changes: [{ what: 'update', from: 'paused', to: 'goes on' }],
    notes: [
      'it was paused because a task failed: unless that is mended it fails again',
      'Swarm then forgets the specification before this one: to return to it, roll back instead',
    ],
    rights: [],
    edits: [updateOf(subject, spec => spec)],
    // It becomes what it is: only its version tells.
    proofs: [{ path, past: Number(at(object, ['Version', 'Index'])) }],
    standing: signal => serviceStanding(subject, signal),
    steadyMs: STEADY_MS,
    inverse: null,
  };
}
