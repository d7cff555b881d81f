import type { FieldContext } from '../filter/fields.ts';
import type { Noun } from '../model/entity.ts';
import type { Fleet } from './fleet.ts';

/** What filters need to know beside a noun: the names behind ids, and the nodes of a workload. */
export function fieldContext(fleet: Fleet): FieldContext {
  return {
    now: fleet.now,
    nameOf: id => fleet.find(id)?.name ?? null,
    nodesOf: noun => nodesOf(noun, fleet),
  };
}

function nodesOf(noun: Noun, fleet: Fleet): string[] {
  const names: string[] = [];
  if (noun.kind !== 'workload') return names;
  for (const { node } of fleet.replicasOf(noun.id)) {
    const name = node === null ? undefined : fleet.get('node', node)?.name;
    if (name !== undefined && !names.includes(name)) names.push(name);
  }
  return names;
}
