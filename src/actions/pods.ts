import type { Replica } from '../model/entity.ts';
import { goneStanding } from './kubernetes.ts';
import { at } from './prove.ts';
import type { Standing, Subject } from './verb.ts';

/** What the end of a pod touches: a sentence each. */
export function touched({ noun, object, fleet }: Subject): string[] {
  const { workload, node } = noun as Replica;
  const owner = workload === null ? undefined : fleet.get('workload', workload);
  const place = node === null ? undefined : fleet.get('node', node);
  const seconds = at(object, ['spec', 'terminationGracePeriodSeconds']);
  return [
    owner ? `${owner.name} has ${owner.ready ?? '?'} of ${owner.wanted ?? '?'} ready, and makes another one` : ALONE,
    ...(typeof seconds === 'number' ? [`it has ${seconds} s to end by itself`] : []),
    ...(place?.ready === false ? [`${place.name} does not answer: until it does, the pod ends only with grace 0`] : []),
    ...(at(object, ['metadata', 'deletionTimestamp']) === null ? [] : ['it was told to go already']),
  ];
}

const ALONE = 'nobody makes another one in its place';

/** Done when the pod is gone; who is to replace it is told as it stands then. */
export async function podStanding(subject: Subject, signal: AbortSignal): Promise<Standing> {
  const standing = await goneStanding(subject, signal, () => 'it ends');
  const { workload } = subject.noun as Replica;
  const owner = workload === null ? undefined : subject.fleet.get('workload', workload);
  if (standing.state !== 'done' || !owner) return standing;
  return {
    state: 'done',
    words: `${standing.words}; ${owner.name} has ${owner.ready ?? '?'} of ${owner.wanted ?? '?'} ready`,
  };
}
