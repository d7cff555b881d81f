import type { Kind, Noun } from '../model/entity.ts';
import type { Full, Outlook } from '../trends/forecast.ts';
import { type Measure, measuresOf } from '../trends/metrics.ts';
import { outlookWords } from '../trends/words.ts';
import type { Means } from './checklist.ts';
import { inTurn } from './in-turn.ts';

/** How one number of a noun goes on. */
export interface Forecast {
  noun: Noun;
  measure: Measure;
  value: number | null;
  limit: number | null;
  outlook: Outlook;
}

const AT_ONCE = 8;
/** Of a large platform the pasts of so many nouns of a kind are read, the first of which are the fullest. */
const MOST_OF_A_KIND = 500;

/** How the numbers of these kinds go on, each that is told and has a past. Rejects when that cannot be read. */
export async function forecasts(
  means: Pick<Means, 'fleet' | 'ahead' | 'signal'>,
  kinds: readonly Kind[],
): Promise<Forecast[]> {
  const asked = kinds.flatMap(kind =>
    fullestOf(means, kind).flatMap(noun =>
      measuresOf(noun)
        .filter(measure => measure.value(noun) !== null)
        .map(measure => ({ noun, measure })),
    ),
  );
  const answers = await inTurn(asked, AT_ONCE, async ({ noun, measure }) => {
    means.signal.throwIfAborted();
    const outlook = await means.ahead(noun, measure);
    return outlook && { noun, measure, outlook, value: measure.value(noun), limit: measure.limit(noun) };
  });
  return answers.filter(answer => answer !== null);
}

function fullestOf({ fleet }: Pick<Means, 'fleet'>, kind: Kind): Noun[] {
  const all: Noun[] = [...fleet.all(kind).values()];
  if (all.length <= MOST_OF_A_KIND) return all;
  const share = (noun: Noun) => {
    const [main] = measuresOf(noun);
    return (main?.value(noun) ?? 0) / (main?.limit(noun) ?? 1);
  };
  return all.sort((a, b) => share(b) - share(a)).slice(0, MOST_OF_A_KIND);
}

/** What runs full, where the target is named beside it: `memory`, `quota`. */
export function whatOf({ noun, measure }: Forecast): string {
  return noun.kind === 'directory' ? 'quota' : noun.kind === 'storage' ? 'space' : measure.title.replace(/,.*$/, '');
}

/** `5.1T of 9.0T, grows by 12G a day (10G to 14G): full in 74 d ±9` */
export function wordsOf({ measure, value, limit, outlook }: Forecast): string {
  const of = limit === null ? '' : ` of ${measure.text(limit)}`;
  return `${value === null ? '' : `${measure.text(value)}${of}, `}${outlookWords(outlook, { text: measure.text, limit })}`;
}

/** Those that are full some day, the soonest first. */
export function filling(all: readonly Forecast[]): (Forecast & { full: Full })[] {
  return all
    .flatMap(each => (each.outlook.full ? [{ ...each, full: each.outlook.full }] : []))
    .sort((a, b) => a.full.inMs - b.full.inMs);
}

/** `nodes: 2 of 4 numbers grow, 1 without enough history` */
export function summary(kinds: readonly Kind[], all: readonly Forecast[]): string {
  const trends = all.map(({ outlook }) => outlook.trend);
  const grow = trends.filter(trend => typeof trend === 'object' && trend.rate > 0).length;
  const short = trends.filter(trend => trend === 'short').length;
  return `${namesOf(kinds)}: ${grow} of ${all.length} numbers grow${short > 0 ? `, ${short} without enough history` : ''}`;
}

const PLURALS: Partial<Record<Kind, string>> = { directory: 'directories', storage: 'the cluster' };

/** `nodes`, `the cluster, directories` */
export const namesOf = (kinds: readonly Kind[]): string => kinds.map(kind => PLURALS[kind] ?? `${kind}s`).join(', ');
