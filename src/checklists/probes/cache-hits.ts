import type { Finding } from '../../model/checklist-run.ts';
import type { Pool } from '../../model/entity.ts';
import { why } from '../../sources/why.ts';
import type { Means, Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { inTurn } from '../in-turn.ts';

const AT_ONCE = 4;
/** Of fewer blocks nobody can say what is usual. */
const LEAST_BLOCKS = 10_000;
const SELECT = 'select sum(blks_hit)::float8 as hit, sum(blks_read)::float8 as read from pg_stat_database';

type Share = { pool: Pool; percent: number | null } | { pool: Pool; finding: Finding };

/** How much of what is read of a PostgreSQL it finds in its memory, since its numbers were last reset. */
export const cacheHits: Probe = {
  name: 'cache hits',
  needs: ['pool'],
  optional: true,
  async look(means) {
    const { fleet, settings } = means;
    const isPostgres = new Set(fleet.sources().flatMap(({ name, kind }) => (kind === 'postgres' ? [name] : [])));
    const pools = [...fleet.all('pool').values()].filter(({ source, up }) => isPostgres.has(source) && up !== false);
    const shares = await inTurn(pools, AT_ONCE, pool => ask(pool, means));
    const told = shares.flatMap(share =>
      'percent' in share && share.percent !== null ? [{ pool: share.pool, percent: share.percent }] : [],
    );
    const least = told.toSorted((a, b) => a.percent - b.percent)[0];
    return {
      findings: [
        ...shares.flatMap(share => ('finding' in share ? [share.finding] : [])),
        ...told
          .filter(({ percent }) => percent < settings.cacheHitPercent)
          .map(({ pool, percent }) =>
            about(pool, { health: 'warn', reason: `finds ${percent.toFixed(1)} % of what it reads in its memory` }),
          ),
      ],
      facts: least ? [`cache hits: least ${least.percent.toFixed(1)} % (${least.pool.name})`] : [],
    };
  },
};

async function ask(pool: Pool, means: Means): Promise<Share> {
  try {
    const [row] = await means.sql(pool.name, SELECT, means.signal);
    const [hit, read] = [Number(row?.hit), Number(row?.read)];
    const blocks = hit + read;
    return { pool, percent: blocks >= LEAST_BLOCKS ? (100 * hit) / blocks : null };
  } catch (error) {
    means.signal.throwIfAborted();
    return { pool, finding: about(pool, { health: 'unknown', reason: `its cache hits are not known: ${why(error)}` }) };
  }
}
