import type { Noun } from '../model/entity.ts';
import { perDay } from '../trends/forecast.ts';
import { measuresOf } from '../trends/metrics.ts';
import type { Growth, Means } from './checklist.ts';

const DAY_MS = 86_400_000;

/** How fast what can run full grows; null: too little is known. */
export async function growthOf(noun: Noun, ahead: Means['ahead']): Promise<Growth | null> {
  const measure = measuresOf(noun).find(({ fills }) => fills);
  const outlook = measure ? await ahead(noun, measure) : null;
  if (!outlook || outlook.trend === 'short' || outlook.trend === 'fell') return null;
  const { trend, full } = outlook;
  return { perDay: trend === 'steady' ? 0 : perDay(trend.rate), daysToFull: full && full.inMs / DAY_MS };
}

/** `+0.6 %/d, full in 74 d`. */
export function growthText(growth: Growth | null, whole: number | null): string {
  if (!growth) return 'growth not known yet';
  const share = whole ? (100 * growth.perDay) / whole : null;
  const pace = share === null ? '' : `${share < 0 ? '' : '+'}${share.toFixed(1)} %/d`;
  const end = growth.daysToFull === null ? 'never full at this pace' : `full in ${Math.floor(growth.daysToFull)} d`;
  return [pace, end].filter(Boolean).join(', ');
}

export function isSoon(growth: Growth | null, days: number): boolean {
  return growth?.daysToFull !== null && growth?.daysToFull !== undefined && growth.daysToFull < days;
}
