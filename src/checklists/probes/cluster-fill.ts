import type { Storage } from '../../model/entity.ts';
import { fullness, percent } from '../../model/health/verdict.ts';
import { percentText } from '../../text/format.ts';
import type { Growth, Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { growthText, isSoon } from '../growth.ts';

/** How full the clusters are, how fast they fill, and what Ceph itself says of them. */
export const clusterFill: Probe = {
  name: 'CephFS',
  needs: ['storage'],
  optional: true,
  async look({ fleet, settings, growth }) {
    const all = [...fleet.all('storage').values()];
    const grown = await Promise.all(all.map(async storage => ({ storage, grows: await growth(storage) })));
    return {
      findings: grown.flatMap(({ storage, grows }) => {
        const { diskWarnPercent, diskBadPercent } = fleet.limits;
        const full = fullness('filled', storage.usedBytes, storage.totalBytes, diskWarnPercent, diskBadPercent);
        if (storage.usedBytes === null || storage.totalBytes === null)
          return [about(storage, { health: 'unknown', reason: 'how full it is, is not known' })];
        if (storage.health === 'bad' || storage.health === 'warn') return [about(storage)];
        if (full.health !== 'ok') return [about(storage, { health: full.health, reason: full.reason ?? '' })];
        const reason = `${percentText(shareOf(storage))} full, ${growthText(grows, storage.totalBytes)}`;
        return isSoon(grows, settings.fullInDays) ? [about(storage, { health: 'warn', reason })] : [];
      }),
      facts: grown.map(({ storage, grows }) => fact(storage, grows)),
    };
  },
};

const shareOf = ({ usedBytes, totalBytes }: Storage) => percent(usedBytes, totalBytes);

function fact(storage: Storage, grows: Growth | null): string {
  return `${storage.name} ${percentText(shareOf(storage))}, ${growthText(grows, storage.totalBytes)}`;
}
