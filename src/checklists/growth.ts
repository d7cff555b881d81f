import type { Growth } from './checklist.ts';

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
