import type { Workload } from '../../model/entity.ts';
import { containerOf, containerPatch, templateOf } from '../containers.ts';
import { kubectl, patchOf, resource, right, STRATEGIC, templateStanding } from '../kubernetes.ts';
import { at } from '../prove.ts';
import { STEADY_MS, serviceStanding, updateOf } from '../swarm.ts';
import { InputError, type Plan, type Subject, type Verb } from '../verb.ts';

const IN_SWARM = ['TaskTemplate', 'ContainerSpec', 'Image'];

/** repository[:tag][@digest], the registry in front of it (distribution/reference) */
const IMAGE =
  /^[a-z0-9]([\w.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/i;

/** What a workload runs is another image. */
export const setImage: Verb = {
  name: 'set-image',
  title: 'Set the image',
  help: 'Run another image, or another tag of it',
  kinds: ['workload'],
  parts: [
    ...['Deployment', 'CronJob'].map(type => ({ at: [...templateOf(type), 'spec', 'containers', '*', 'image'] })),
    { at: ['Spec', ...IN_SWARM] },
  ],
  unfit(noun) {
    if (noun.kind !== 'workload') return 'only workloads have an image to set';
    return /Job$/.test(noun.type) && noun.type !== 'CronJob' ? `the image of a ${noun.type} cannot be changed` : null;
  },
  fields(noun) {
    const { images } = noun as Workload;
    return [
      ...(images.length > 1 ? [{ name: 'container', label: 'container', initial: '', help: 'its name' }] : []),
      { name: 'image', label: 'image', initial: images[0] ?? '', help: 'repository:tag' },
    ];
  },
  plan(subject, { container, image = '' }) {
    const wanted = image.trim();
    if (!IMAGE.test(wanted)) throw new InputError('image', 'an image is wanted: repository:tag');
    return (subject.noun as Workload).system === 'kubernetes'
      ? inKubernetes(subject, wanted, container)
      : inSwarm(subject, wanted);
  },
};

function inKubernetes(subject: Subject, image: string, container?: string): Plan {
  const { path } = subject;
  const noun = subject.noun as Workload;
  const { name, image: before, at: keys } = containerOf(subject, noun.type, container);
  return {
    ...common(noun, name, before, image),
    command: `${kubectl(noun)} set image ${resource(noun)} ${name}=${image}`,
    rights: [right(path, 'patch')],
    edits: [patchOf(subject, containerPatch(noun.type, { name, image }), STRATEGIC)],
    proofs: [{ path, at: [...keys, 'image'], is: image }],
    standing: templateStanding(subject, noun.type),
    inverse: { verb: 'set-image', input: { container: name, image: before } },
  };
}

function inSwarm(subject: Subject, image: string): Plan {
  const { path, object } = subject;
  const noun = subject.noun as Workload;
  const before = String(at(object, ['Spec', ...IN_SWARM]) ?? '');
  const plan = common(noun, 'image', before, image);
  return {
    ...plan,
    command: `docker service update --no-resolve-image --image ${image} ${noun.name}`,
    notes: [...plan.notes, 'without a digest each node runs what the tag means to it'],
    rights: [],
    edits: [
      updateOf(subject, spec => {
        const template = spec.TaskTemplate as { ContainerSpec: object };
        return { ...spec, TaskTemplate: { ...template, ContainerSpec: { ...template.ContainerSpec, Image: image } } };
      }),
    ],
    proofs: [{ path, at: ['Spec', ...IN_SWARM], is: image }],
    standing: signal => serviceStanding(subject, signal),
    steadyMs: STEADY_MS,
    inverse: { verb: 'set-image', input: { image: before } },
  };
}

function common(noun: Workload, what: string, from: string, to: string): Pick<Plan, 'risk' | 'changes' | 'notes'> {
  if (noun.type === 'CronJob') return { risk: 'safe', changes: [{ what, from, to }], notes: ['its next jobs run it'] };
  const notes = from === to ? ['it has this image already'] : [`replaces ${noun.wanted ?? 'all'} of its replicas`];
  return { risk: 'disruptive', changes: [{ what, from, to }], notes };
}
