import { setTimeout as sleep } from 'node:timers/promises';
import type { Proof } from '../../model/deed.ts';
import type { Workload } from '../../model/entity.ts';
import { Refusal, type Write } from '../../sources/client.ts';
import type { ApiTask } from '../../sources/swarm/api.ts';
import { NotDone, why } from '../attempt.ts';
import { kubectl, patchOf, resource, right, rolledOut } from '../kubernetes.ts';
import { at, prove, uidOf } from '../prove.ts';
import { selectorOf } from '../revisions.ts';
import { isAlive, STEADY_MS, serviceStanding, updateOf } from '../swarm.ts';
import { type Edit, type Plan, type Steps, type Subject, Unfit, type Verb } from '../verb.ts';

/** So long what runs may take to end. */
const PATIENCE_MS = 5 * 60_000;
const EVERY_MS = 500;
const LAST_ASK_MS = 5_000;
const MOST_CONFLICTS = 5;

/** All replicas go before the first new one comes: to none, wait, and back. */
export const rebuild: Verb = {
  name: 'rebuild',
  title: 'Rebuild',
  help: 'Scale to 0, wait until nothing runs, and scale back: what a restart cannot get rid of',
  kinds: ['workload'],
  unfit(noun) {
    if (noun.kind !== 'workload') return 'only workloads are rebuilt';
    if (!['Deployment', 'StatefulSet', 'Service'].includes(noun.type)) return `a ${noun.type} is not scaled`;
    return noun.wanted === 0 ? 'it is switched off: scale it up instead' : null;
  },
  plan(subject) {
    const noun = subject.noun as Workload;
    const how = noun.system === 'kubernetes' ? inKubernetes(subject, noun) : inSwarm(subject, noun);
    if (how.replicas === 0) throw new Unfit('it is switched off now: scale it up instead');
    return {
      command: how.command,
      risk: 'disruptive',
      changes: [{ what: 'replicas', from: String(how.replicas), to: `0, then ${how.replicas}` }],
      notes: [
        `it is away from when the first of ${how.replicas} ends until the first new one is ready`,
        'when it is stopped in the middle it stays at 0',
      ],
      rights: noun.system === 'kubernetes' ? [right(subject.path, 'patch')] : [],
      edits: [{ ...how.down, passing: true, proofs: [{ path: subject.path, at: how.at, is: 0 }] }],
      follow: steps => backUp(subject, how, steps),
      proofs: how.proofs,
      standing: how.standing,
      ...(how.steadyMs !== undefined && { steadyMs: how.steadyMs }),
      inverse: null,
    };
  },
};

/** What differs between the systems. */
interface How extends Pick<Plan, 'command' | 'proofs' | 'standing' | 'steadyMs'> {
  replicas: number;
  /** Where the object says how many are wanted. */
  at: string[];
  down: Edit;
  /** Made from the object as it is when nothing runs any more. */
  up(fresh: unknown): Write;
  /** How many have not ended. */
  running(signal: AbortSignal): Promise<number>;
}

function inKubernetes(subject: Subject, noun: Workload): How {
  const { path, object, client } = subject;
  const replicas = Number(at(object, ['spec', 'replicas']) ?? 1);
  const generation = Number(at(object, ['metadata', 'generation']));
  const pods = `${path.replace(/^.*(\/namespaces\/[^/]+).*$/, '/api/v1$1/pods')}${selectorOf(object)}`;
  const to = `${kubectl(noun)} scale ${resource(noun)} --replicas=`;
  const selector = decodeURIComponent(selectorOf(object)).replace(/^\?labelSelector=/, '');
  const gone = `${kubectl(noun)} wait --for=delete pod -l ${/[ !]/.test(selector) ? `'${selector}'` : selector}`;
  return {
    replicas,
    command: `${to}0 && ${gone} --timeout=5m && ${to}${replicas}`,
    at: ['spec', 'replicas'],
    down: patchOf(subject, { spec: { replicas: 0 } }),
    up: fresh => patchOf({ ...subject, object: fresh }, { spec: { replicas } }).write(fresh),
    async running(signal) {
      const items = at(await client.get(pods, signal), ['items']);
      const ended = (pod: unknown) => /^(Succeeded|Failed)$/.test(String(at(pod, ['status', 'phase'])));
      return Array.isArray(items) ? items.filter(pod => !ended(pod)).length : 0;
    },
    // Both changes are counted, so that half of it is not taken for all, nor nothing.
    proofs: [
      { path, at: ['metadata', 'generation'], is: generation + 2 },
      { path, at: ['spec', 'replicas'], is: replicas },
    ],
    standing: async signal => rolledOut(noun.type, await client.get(path, signal)),
  };
}

function inSwarm(subject: Subject, noun: Workload): How {
  const { path, object, client } = subject;
  const replicas = Number(at(object, ['Spec', 'Mode', 'Replicated', 'Replicas']) ?? 0);
  const ForceUpdate = Number(at(object, ['Spec', 'TaskTemplate', 'ForceUpdate']) ?? 0) + 1;
  const filters = encodeURIComponent(JSON.stringify({ service: [uidOf(object)] }));
  const counter: Proof = { path, at: ['Spec', 'TaskTemplate', 'ForceUpdate'], is: ForceUpdate };
  const scaled = (Replicas: number) => ({ Mode: { Replicated: { Replicas } } });
  return {
    replicas,
    command: `docker service scale ${noun.name}=0 && docker service update --force --replicas ${replicas} ${noun.name}`,
    at: ['Spec', 'Mode', 'Replicated', 'Replicas'],
    down: updateOf(subject, spec => ({ ...spec, ...scaled(0) })),
    up: fresh =>
      updateOf({ ...subject, object: fresh }, spec => ({
        ...spec,
        ...scaled(replicas),
        TaskTemplate: { ...(spec.TaskTemplate as object), ForceUpdate },
      })).write(fresh),
    async running(signal) {
      const tasks = (await client.get(`/tasks?filters=${filters}`, signal)) as ApiTask[];
      return tasks.filter(isAlive).length;
    },
    proofs: [counter, { path, at: ['Spec', 'Mode', 'Replicated', 'Replicas'], is: replicas }],
    standing: signal => serviceStanding(subject, signal),
    steadyMs: STEADY_MS,
  };
}

async function backUp(subject: Subject, how: How, steps: Steps): Promise<void> {
  const { fleet } = subject;
  const begun = fleet.now();
  steps.tell('step 2 of 3: waits until none runs');
  for (;;) {
    if (steps.signal.aborted) throw await stopped('unknown', 2, how, 'it was broken off');
    const left = await how.running(steps.signal).catch(() => null);
    if (left === 0) break;
    steps.tell(`step 2 of 3: ${left === null ? 'it cannot be asked how many run' : `${left} still to end`}`);
    if (fleet.now() - begun > PATIENCE_MS) throw await stopped('failed', 2, how, 'not all have ended after 5 min');
    await sleep(EVERY_MS, undefined, { signal: steps.signal }).catch(() => {});
  }
  steps.tell(`step 3 of 3: back to ${how.replicas}`);
  await scaleBack(subject, how, steps);
}

/** What the system wants may have been changed by others meanwhile: then it is theirs. */
async function scaleBack({ path, object, client }: Subject, how: How, steps: Steps): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const fresh = await client.get(path, steps.signal);
      if (uidOf(fresh) !== uidOf(object)) throw await stopped('failed', 3, how, 'it is another one now');
      const wanted = at(fresh, how.at);
      if (wanted !== 0) throw await stopped('failed', 3, how, `somebody scaled it to ${wanted} meanwhile`);
      await steps.send(how.up(fresh));
      return;
    } catch (error) {
      if (error instanceof NotDone) throw error;
      if (error instanceof Refusal && error.isConflict && tries < MOST_CONFLICTS) continue;
      const taken = await prove(how.proofs, client, steps.signal);
      if (taken === true) return;
      throw await stopped(taken === null ? 'unknown' : 'failed', 3, how, why(error), error);
    }
  }
}

async function stopped(
  outcome: 'failed' | 'unknown',
  step: number,
  { replicas, running }: How,
  reason: string,
  cause?: unknown,
): Promise<NotDone> {
  // Asked anew: what was to be broken off is broken off.
  const left = await running(AbortSignal.timeout(LAST_ASK_MS)).catch(() => null);
  const runs = left === null ? 'how many run cannot be asked' : `${left} of ${replicas} run`;
  return new NotDone(outcome, `stopped at step ${step} of 3: ${reason}; ${runs}, and ${replicas} are to run`, cause);
}
