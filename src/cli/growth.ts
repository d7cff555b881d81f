import type { Growth } from '../checklists/checklist.ts';
import type { Noun } from '../model/entity.ts';
import { DAY_MS, type Samples } from '../model/series.ts';

/** How fast what can run full grows, from what is kept of its past; null: too little is known. */
export async function growthOf(noun: Noun, samples: Samples | null, now: number): Promise<Growth | null> {
  const [{ lookAhead }, { measuresOf }] = await Promise.all([
    import('../trends/trends.ts'),
    import('../trends/metrics.ts'),
  ]);
  const measure = measuresOf(noun).find(({ fills }) => fills);
  if (!samples || !measure) return null;
  const { trend, full } = (await lookAhead(samples, noun, measure, now)).outlook;
  if (trend === 'short' || trend === 'fell') return null;
  return { perDay: trend === 'steady' ? 0 : trend.rate * DAY_MS, daysToFull: full && full.inMs / DAY_MS };
}
