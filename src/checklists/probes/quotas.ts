import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { growthText, isSoon } from '../growth.ts';

/** No directory near its quota, nor soon there. */
export const quotas: Probe = {
  name: 'quotas',
  needs: ['directory'],
  optional: true,
  async look({ fleet, settings, growth }) {
    const limited = [...fleet.all('directory').values()].filter(
      ({ quotaBytes, quotaFiles }) => quotaBytes !== null || quotaFiles !== null,
    );
    const findings = await Promise.all(
      limited.map(async directory => {
        if (directory.usedBytes === null)
          return [about(directory, { health: 'unknown', reason: 'its use is not known' })];
        if (directory.health === 'bad' || directory.health === 'warn') return [about(directory)];
        const grows = await growth(directory);
        if (!isSoon(grows, settings.quotaFullInDays)) return [];
        return [about(directory, { health: 'warn', reason: `quota: ${growthText(grows, directory.quotaBytes)}` })];
      }),
    );
    const near = findings.flat().length;
    return {
      findings: findings.flat(),
      facts: [`${limited.length - near} of ${limited.length} directories well below their quota`],
    };
  },
};
