import { parseImage } from '../../sources/registry.ts';
import type { Probe } from '../checklist.ts';
import { together } from '../together.ts';
import { lacking, specified } from './specifications.ts';

/** Images whose tag says nothing: what runs after the next start is what somebody has pushed last. */
export const latestTags: Probe = {
  name: 'tags',
  needs: ['workload'],
  async look(means) {
    const all = await specified(means);
    const findings = all.flatMap(({ workload, spec }) =>
      lacking(
        workload,
        'warn',
        spec.containers.flatMap(({ image }) => {
          const { name, tag, digest } = parseImage(image ?? '') ?? {};
          return tag === 'latest' && digest === null ? [`${name} has the tag latest`] : [];
        }),
      ),
    );
    return { findings: together(findings), facts: [`${findings.length} with the tag latest`] };
  },
};
