import type { Strategy } from '../../sources/spec.ts';
import type { Means, Probe } from '../checklist.ts';
import { together } from '../together.ts';
import { lacking, meant, specified } from './specifications.ts';

type Rule = Means['settings']['strategies'][number];

/** What is replaced is replaced as the profile's rules want it: the first rule that means a workload counts. */
export const strategies: Probe = {
  name: 'strategies',
  needs: ['workload'],
  async look(means) {
    const rules = means.settings.strategies.map(rule => ({ rule, isMeant: meant(means, rule.workload) }));
    const all = (await specified(means)).flatMap(({ workload, spec }) => {
      const found = rules.find(({ isMeant }) => isMeant(workload));
      return found ? [{ workload, strategy: spec.strategy, rule: found.rule }] : [];
    });
    const findings = all.flatMap(({ workload, strategy, rule }) =>
      lacking(workload, 'warn', differences(strategy, rule)),
    );
    return {
      findings: together(findings),
      facts:
        rules.length === 0 ? [] : [`${all.length - findings.length} of ${all.length} replaced as the rules want it`],
    };
  },
};

function differences(strategy: Strategy, { strategy: type, maxSurge, maxUnavailable }: Rule): string[] {
  if (strategy.type !== type) return [`replaced by ${strategy.type ?? 'the default'}, the rule is ${type}`];
  const wanted = { maxSurge, maxUnavailable };
  return Object.entries(wanted).flatMap(([name, value]) => {
    const is = strategy[name as keyof typeof wanted];
    return value === undefined || is === value ? [] : [`${name} ${is ?? 'as it comes'}, the rule is ${value}`];
  });
}
