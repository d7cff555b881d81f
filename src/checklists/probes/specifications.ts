import { parseFilter } from '../../filter/filter.ts';
import { fieldContext } from '../../fleet/field-context.ts';
import type { Finding } from '../../model/checklist-run.ts';
import type { Workload } from '../../model/entity.ts';
import type { Spec } from '../../sources/spec.ts';
import type { Means, Probe } from '../checklist.ts';
import { finding } from '../finding.ts';
import { services } from './workloads.ts';

/** Whether the specifications can be read at all: what they say is looked at by others. */
export const specifications: Probe = {
  name: 'specifications',
  needs: ['workload'],
  async look(means) {
    const { by, failures } = await means.specs();
    const known = services(means).filter(({ id }) => by.has(id)).length;
    return {
      findings: failures.map(({ source, why }) => finding(source, 'unknown', `specifications not read: ${why}`)),
      facts: [`${known} of ${services(means).length} workloads looked at`],
    };
  },
};

/** What runs all the time, with its specification where that was read. */
export async function specified(means: Pick<Means, 'fleet' | 'specs'>): Promise<{ workload: Workload; spec: Spec }[]> {
  const { by } = await means.specs();
  return services(means).flatMap(workload => {
    const spec = by.get(workload.id);
    return spec ? [{ workload, spec }] : [];
  });
}

/** The test of a filter of the settings; without one, nothing passes. */
export function meant({ fleet }: Pick<Means, 'fleet'>, filter: string | undefined): (workload: Workload) => boolean {
  if (filter === undefined) return () => false;
  const parsed = parseFilter(filter, fieldContext(fleet));
  return workload => parsed.test(workload);
}

/** One finding a workload that lacks something, in one sentence for all of its containers. */
export function lacking(workload: Workload, health: Finding['health'], words: readonly string[]): Finding[] {
  if (words.length === 0) return [];
  return [{ target: workload.name, about: workload.id, health, reason: [...new Set(words)].join(', '), evidence: [] }];
}
