import type { ContainerSpec } from '../../sources/spec.ts';
import type { Probe } from '../checklist.ts';
import { together } from '../together.ts';
import { lacking, specified } from './specifications.ts';

/** Requests, so that what starts finds room; limits, so that nothing takes the room of others. */
export const limitsAndRequests: Probe = {
  name: 'limits and requests',
  needs: ['workload'],
  async look(means) {
    const all = await specified(means);
    const findings = all.flatMap(({ workload, spec }) => lacking(workload, 'warn', spec.containers.flatMap(missing)));
    return {
      findings: together(findings),
      facts: [`${all.length - findings.length} of ${all.length} with requests and limits`],
    };
  },
};

function missing(container: ContainerSpec): string[] {
  const { cpuRequestMillicores, memoryRequestBytes, cpuLimitMillicores, memoryLimitBytes } = container;
  const named = { 'CPU request': cpuRequestMillicores, 'memory request': memoryRequestBytes };
  const limits = { 'CPU limit': cpuLimitMillicores, 'memory limit': memoryLimitBytes };
  return Object.entries({ ...named, ...limits }).flatMap(([what, value]) => (value === null ? [`no ${what}`] : []));
}
