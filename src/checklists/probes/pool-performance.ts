import type { Finding } from '../../model/checklist-run.ts';
import type { Pool } from '../../model/entity.ts';
import { fullness } from '../../model/health/verdict.ts';
import { duration } from '../../text/format.ts';
import type { Means, Probe } from '../checklist.ts';
import { about } from '../finding.ts';

/** Connections of each pool against what it takes, and its longest transaction. */
export const poolPerformance: Probe = {
  name: 'pools',
  needs: ['pool'],
  optional: true,
  look(means) {
    const all = [...means.fleet.all('pool').values()];
    const fullest = all.toSorted((a, b) => shareOf(b) - shareOf(a))[0];
    const longest = all.toSorted((a, b) => secondsOf(b) - secondsOf(a))[0];
    return {
      findings: all.flatMap(pool => judge(pool, means)),
      facts: [
        ...(fullest?.connections != null
          ? [`most connections: ${fullest.name} ${fullest.connections} of ${fullest.maxConnections}`]
          : []),
        ...(longest && secondsOf(longest) >= 0
          ? [`longest transaction ${duration(secondsOf(longest) * 1000)} (${longest.name})`]
          : []),
      ],
    };
  },
};

const shareOf = ({ connections, maxConnections }: Pool) =>
  (connections ?? 0) / (maxConnections ?? Number.POSITIVE_INFINITY);
const secondsOf = ({ longestTransactionSeconds }: Pool) => longestTransactionSeconds ?? -1;

function judge(pool: Pool, { fleet, settings }: Means): Finding[] {
  if (pool.up === false) return [about(pool, { health: 'bad', reason: pool.downReason ?? 'it is down' })];
  if (pool.connections === null || pool.maxConnections === null)
    return [about(pool, { health: 'unknown', reason: 'its connections are not known' })];
  const { poolConnectionsWarnPercent, poolConnectionsBadPercent } = fleet.limits;
  const full = fullness(
    'connections',
    pool.connections,
    pool.maxConnections,
    poolConnectionsWarnPercent,
    poolConnectionsBadPercent,
  );
  const seconds = secondsOf(pool);
  return [
    ...(full.health === 'ok' ? [] : [about(pool, { health: full.health, reason: full.reason ?? '' })]),
    ...(seconds > settings.transactionMinutes * 60
      ? [about(pool, { health: 'warn', reason: `a transaction is open for ${duration(seconds * 1000)}` })]
      : []),
  ];
}
