import type { Probe } from '../checklist.ts';
import { together } from '../together.ts';
import { lacking, meant, specified } from './specifications.ts';

/** What runs has a health check, but for what the profile says needs none. */
export const healthChecks: Probe = {
  name: 'health checks',
  needs: ['workload'],
  async look(means) {
    const needsNone = meant(means, means.settings.unchecked);
    const all = (await specified(means)).filter(({ workload }) => !needsNone(workload));
    const findings = all.flatMap(({ workload, spec }) =>
      lacking(
        workload,
        'warn',
        spec.containers.flatMap(({ checked }) => WORDS[`${checked}`] ?? []),
      ),
    );
    return {
      findings: together(findings),
      facts: [`${all.length - findings.length} of ${all.length} with a health check`],
    };
  },
};

const WORDS: Record<string, string> = {
  false: 'no health check',
  null: 'no health check in its specification; only its image may have one',
};
