import { parseFilter } from '../../filter/filter.ts';
import { fieldContext } from '../../fleet/field-context.ts';
import type { Finding } from '../../model/checklist-run.ts';
import type { Kind, Noun } from '../../model/entity.ts';
import type { Means, Probe } from '../checklist.ts';
import { about, finding } from '../finding.ts';
import { type Limits, limitsOf, over, withWords } from '../limits.ts';

export interface QueryOptions extends Limits {
  query: Kind;
  filter: string;
}

/**
 * Nouns that a profile asks about: how many there are, or a field of each (`used > 80 %`). Without a threshold none may
 * be there.
 */
export function query(options: QueryOptions): Probe {
  const { query: kind, filter } = options;
  const limits = limitsOf(options, '> 0');
  return {
    name: `${kind}s ${filter}`.trim(),
    needs: [kind],
    look({ fleet }) {
      const context = fieldContext(fleet);
      const found = ([...fleet.all(kind).values()] as Noun[]).filter(parseFilter(filter, context).test);
      const counted = limits.filter(({ threshold }) => threshold.name === null);
      const verdict = over(counted, found.length);
      const named = `${found.length} ${kind}s`;
      const whole: Finding[] =
        verdict === null
          ? []
          : [
              finding(
                filter || `${kind}s`,
                verdict.health,
                withWords(named, verdict),
                found.slice(0, 5).map(({ name }) => name),
              ),
            ];
      return { findings: [...whole, ...each(found, limits, fleet)], facts: [named] };
    },
  };
}

/** Thresholds of a field are filters. */
function each(found: readonly Noun[], limits: ReturnType<typeof limitsOf>, fleet: Means['fleet']): Finding[] {
  const fields = limits
    .filter(({ threshold }) => threshold.name !== null)
    .map(({ health, threshold, text }) => {
      const { name, operator, amount } = threshold;
      return { health, text, isOver: parseFilter(`${name}${operator}${amount}`, fieldContext(fleet)) };
    });
  return found.flatMap(noun => {
    const worst = fields.find(({ isOver }) => isOver.test(noun));
    return worst ? [about(noun, { health: worst.health, reason: worst.text })] : [];
  });
}
