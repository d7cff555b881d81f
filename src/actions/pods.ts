import type { Replica } from '../model/entity.ts';
import { at } from './prove.ts';
import type { Subject } from './verb.ts';

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
