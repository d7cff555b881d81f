import type { Finding } from '../../model/checklist-run.ts';
import type { Kind } from '../../model/entity.ts';
import { fullWords } from '../../trends/words.ts';
import type { Probe } from '../checklist.ts';
import { about, finding } from '../finding.ts';
import { type Forecast, filling, forecasts, namesOf, summary, whatOf, wordsOf } from '../forecasts.ts';

const DAY_MS = 86_400_000;
/** Sooner than this nothing can be ordered any more. */
const LATE_DAYS = 3;

/** How CPU, memory, disks, pools, connections and quotas go on: what will be full soon is worth a word. */
export function trendsOf(kinds: readonly Kind[]): Probe {
  return {
    name: `trends of ${kinds.join(', ')}`,
    needs: kinds,
    optional: true,
    async look(means) {
      const all = await forecasts(means, kinds);
      const [known, soon] = [all.filter(({ outlook }) => outlook.trend !== 'short'), filling(all)];
      const near = soon.filter(({ full }) => full.inMs < means.settings.trendDays * DAY_MS);
      const [first] = soon;
      return {
        findings: [...near.map(judge), ...(known.length === 0 ? [untold(kinds, all)] : [])],
        facts: [
          summary(kinds, all),
          ...(first ? [`first ${first.noun.name} (${whatOf(first)}): ${fullWords(first.full)}`] : []),
        ],
      };
    },
  };
}

function judge(forecast: ReturnType<typeof filling>[number]): Finding {
  const health = forecast.full.inMs < LATE_DAYS * DAY_MS ? 'bad' : 'warn';
  return about(forecast.noun, {
    health,
    reason: `${whatOf(forecast)} ${fullWords(forecast.full)}`,
    evidence: [wordsOf(forecast)],
  });
}

function untold(kinds: readonly Kind[], all: readonly Forecast[]): Finding {
  const why = all.length === 0 ? 'no past is kept of them' : 'not enough history yet for any of them';
  return finding(namesOf(kinds), 'unknown', `${why}: it comes from an open screen and from checklists that are run`);
}
