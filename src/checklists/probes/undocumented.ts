import { isCalled } from '../../model/called.ts';
import type { Workload } from '../../model/entity.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { together } from '../together.ts';
import { meant } from './specifications.ts';
import { services } from './workloads.ts';

/** What runs and nobody has written down: neither the profile, nor as an instance or a pool the platform itself. */
export const undocumented: Probe = {
  name: 'workloads that nobody knows',
  needs: ['workload'],
  look(means) {
    const { fleet, settings, written } = means;
    if (settings.known.length === 0)
      return { findings: [], facts: ['the profile does not say which workloads it knows'] };
    const known = settings.known.map(filter => meant(means, filter));
    const recorded = new Set<string | null>([
      ...[...fleet.all('instance').values()].map(({ serviceName }) => serviceName),
      ...[...fleet.all('pool').values()].map(({ name }) => name),
    ]);
    const grouped = Object.values(written.groups).flat();
    const isKnown = (workload: Workload) =>
      recorded.has(workload.name) ||
      grouped.some(name => isCalled(workload, name)) ||
      known.some(isMeant => isMeant(workload));
    const all = services(means);
    const strays = all.filter(workload => !isKnown(workload));
    return {
      findings: together(
        strays.map(stray => about(stray, { health: 'warn', reason: 'neither the profile nor the platform knows it' })),
      ),
      facts: [`${all.length - strays.length} of ${all.length} workloads known`],
    };
  },
};
