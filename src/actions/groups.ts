import type { Fleet } from '../fleet/fleet.ts';
import { isCalled } from '../model/called.ts';
import type { Noun, Workload } from '../model/entity.ts';

/** Names of workloads that belong together, by the name of their group, as the profile has them. */
export type Groups = Readonly<Record<string, readonly string[]>>;

/** A group, and those of its workloads that stand beside a certain one. */
export interface Group {
  name: string;
  members: Workload[];
}

/** The groups that a workload is in, each with all members in the same source and namespace, itself included. */
export function groupsOf(groups: Groups, noun: Noun, fleet: Fleet): Group[] {
  if (noun.kind !== 'workload') return [];
  const beside = [...fleet.all('workload').values()].filter(
    ({ source, namespace }) => source === noun.source && namespace === noun.namespace,
  );
  return Object.entries(groups).flatMap(([name, names]) => {
    if (!names.some(each => isCalled(noun, each))) return [];
    const members = names.flatMap(each => beside.filter(workload => isCalled(workload, each)));
    return members.length > 1 ? [{ name, members }] : [];
  });
}
