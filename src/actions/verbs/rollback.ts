import { isDeepStrictEqual } from 'node:util';
import type { Change, Proof } from '../../model/deed.ts';
import type { Workload } from '../../model/entity.ts';
import { maskSecrets } from '../../model/secrets.ts';
import { age } from '../../text/format.ts';
import { changesBetween } from '../changes.ts';
import { difference } from '../difference.ts';
import { kubectl, moved, resource, right, rolledOut } from '../kubernetes.ts';
import { at, uidOf } from '../prove.ts';
import { CHANGE_CAUSE, type Revision, revisionsOf } from '../revisions.ts';
import { STEADY_MS, serviceStanding, updateOf } from '../swarm.ts';
import { type Edit, InputError, type Plan, type Subject, Unfit, type Verb } from '../verb.ts';

const KEPT = ['Deployment', 'StatefulSet', 'DaemonSet'];
const PREVIOUS = 'previous';

/** Back to what a workload was before: any revision that Kubernetes keeps, the previous specification in Swarm. */
export const rollback: Verb = {
  name: 'rollback',
  title: 'Roll back',
  help: 'Return to an earlier revision; what would differ is shown before',
  kinds: ['workload'],
  unfit(noun) {
    if (noun.kind !== 'workload') return 'only workloads are rolled back';
    if (noun.system === 'swarm' || KEPT.includes(noun.type)) return null;
    return `of a ${noun.type} no revisions are kept`;
  },
  fields: noun =>
    (noun as Workload).system === 'swarm'
      ? []
      : [{ name: 'revision', label: 'revision', initial: PREVIOUS, help: 'a number of those below, or previous' }],
  plan(subject, { revision = PREVIOUS }) {
    return (subject.noun as Workload).system === 'kubernetes' ? inKubernetes(subject, revision) : inSwarm(subject);
  },
};

/** As `kubectl rollout undo` does it: the template of then in the place of the present one. */
async function inKubernetes(subject: Subject, wanted: string): Promise<Plan> {
  const { path, client, object, now } = subject;
  const noun = subject.noun as Workload;
  if (at(object, ['spec', 'paused']) === true) throw new Unfit('its rollout is paused: resume it first');
  const revisions = await revisionsOf(subject, noun.type);
  const [current] = revisions;
  const target = chosen(revisions, wanted);
  const generation = at(object, ['metadata', 'generation']);
  return {
    command: `${kubectl(noun)} rollout undo ${resource(noun)} --to-revision=${target.number}`,
    risk: 'disruptive',
    changes: changesBetween(at(object, ['spec', 'template']), target.template),
    notes: [
      `replaces ${noun.wanted ?? 'all'} ${noun.wanted === 1 ? 'replica' : 'replicas'}`,
      ...byHand(object),
      ...revisions.map(each => described(each, each === current, now)),
    ],
    rights: [right(path, 'patch')],
    edits: [toTemplate(subject, target)],
    // The template itself may hold secrets; its generation counts every change of what is wanted.
    proofs: typeof generation === 'number' ? [{ path, at: ['metadata', 'generation'], is: generation + 1 }] : [],
    standing: async signal => rolledOut(noun.type, await client.get(path, signal)),
    inverse: current ? { verb: 'rollback', input: { revision: String(current.number) } } : null,
  };
}

function chosen(revisions: readonly Revision[], wanted: string): Revision {
  const [current, previous] = revisions;
  const kept = revisions.map(({ number }) => number).join(', ');
  if (!current || !previous) throw new Unfit('there is no earlier revision of it');
  if (wanted === '' || wanted === PREVIOUS) return previous;
  const found = revisions.find(({ number }) => String(number) === wanted.trim());
  if (!found) throw new InputError('revision', `there is no revision ${wanted}: ${kept} are kept`);
  if (found === current) throw new InputError('revision', `${wanted} is what it has now: ${kept} are kept`);
  return found;
}

/** Replaced whole, since a merge would keep what the old one did not have. Version and identity go along. */
function toTemplate({ noun, path, object }: Subject, { template, cause }: Revision): Edit {
  const hasCause = at(object, ['metadata', 'annotations', CHANGE_CAUSE]) !== null;
  const pointer = `/metadata/annotations/${CHANGE_CAUSE.replace('/', '~1')}`;
  const causes = cause !== null && hasCause ? [{ op: 'replace', path: pointer, value: cause }] : [];
  const uncauses = cause === null && hasCause ? [{ op: 'remove', path: pointer }] : [];
  return {
    path,
    seen: object,
    moved: fresh => moved(noun, object, fresh),
    write: base => ({
      method: 'PATCH',
      path,
      type: 'application/json-patch+json',
      body: [
        { op: 'replace', path: '/metadata/uid', value: uidOf(base) },
        { op: 'replace', path: '/metadata/resourceVersion', value: at(base, ['metadata', 'resourceVersion']) },
        { op: 'replace', path: '/spec/template', value: template },
        ...causes,
        ...uncauses,
      ],
    }),
  };
}

function byHand(object: unknown): string[] {
  if (at(object, ['spec', 'updateStrategy', 'type']) !== 'OnDelete') return [];
  return ['it is updated by hand (OnDelete): each pod becomes the old one again when it is deleted'];
}

/** "revision 3 · 6d · web:2026.10 · kubectl set image … · now" */
function described({ number, createdAt, images, cause }: Revision, isCurrent: boolean, now: number): string {
  const old = createdAt === null ? '?' : age(Math.max(0, now - createdAt));
  return [`revision ${number}`, old, images.join(', '), cause, isCurrent && 'now'].filter(Boolean).join(' · ');
}

/** The engine keeps one specification beside the present one, and exchanges them. */
function inSwarm(subject: Subject): Plan {
  const { path, object } = subject;
  const noun = subject.noun as Workload;
  const previous = at(object, ['PreviousSpec']);
  if (previous === null) throw new Unfit('no earlier specification of it is kept');
  if (isDeepStrictEqual(previous, at(object, ['Spec']))) {
    throw new Unfit('the specification that is kept is the one it has: it was updated with nothing to change');
  }
  return {
    command: `docker service rollback ${noun.name}`,
    risk: 'disruptive',
    changes: withoutCounters(changesBetween(at(object, ['Spec']), previous)),
    notes: [
      `replaces ${noun.wanted ?? 'all'} ${noun.wanted === 1 ? 'replica' : 'replicas'} where their template differs`,
      'only the specification before the present one is kept',
    ],
    rights: [],
    edits: [backOf(subject)],
    proofs: proofsOf(path, at(object, ['Spec']), previous),
    standing: signal => serviceStanding(subject, signal, { back: true }),
    steadyMs: STEADY_MS,
    inverse: { verb: 'rollback', input: {} },
  };
}

/** Whoever changes a service takes away what it would be returned to, also when he changes nothing. */
function backOf(subject: Subject): Edit {
  const edit = updateOf(subject, spec => spec, '&rollback=previous');
  return {
    ...edit,
    moved(fresh) {
      const change = difference(at(subject.object, ['PreviousSpec']), at(fresh, ['PreviousSpec']));
      if (change === null) return edit.moved(fresh);
      return `what ${subject.noun.name} would return to was changed meanwhile: ${change}`;
    },
  };
}

/** What a forced update counts is nothing that anybody looks for, unless it is all there is. */
function withoutCounters(changes: Change[]): Change[] {
  const others = changes.filter(({ what }) => what !== 'TaskTemplate.ForceUpdate');
  return others.length > 0 ? others : changes;
}

/** What can tell the two apart, as long as it holds no secret. */
const TELLING = [
  'Labels',
  'Mode',
  'EndpointSpec',
  'UpdateConfig',
  'TaskTemplate.ContainerSpec.Image',
  'TaskTemplate.ForceUpdate',
  'TaskTemplate.Resources',
  'TaskTemplate.Placement',
].map(path => path.split('.'));

function proofsOf(path: string, current: unknown, previous: unknown): Proof[] {
  return TELLING.flatMap(keys => {
    const is = at(previous, keys);
    const tells = !isDeepStrictEqual(at(current, keys), is) && isDeepStrictEqual(maskSecrets(is), is);
    return tells ? [{ path, at: ['Spec', ...keys], is }] : [];
  });
}
