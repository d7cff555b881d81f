import { parseBytes, parseDuration, parsePercent } from '../text/quantity.ts';

type Operator = '>' | '>=' | '<' | '<=' | '=' | '!=';

/** `> 85 %`, `age > 26h`, `status != 200`: what is compared with what. */
export interface Threshold {
  /** The value that is meant; null: the one that there is. */
  name: string | null;
  operator: Operator;
  /** As it was written, without blanks: a filter understands it behind a field. */
  amount: string;
  /** In base units: seconds, bytes, percent. */
  limit: number;
}

const FORM = /^\s*([a-z]\w*)?\s*(>=|<=|!=|=|>|<)\s*(-?\d[\d.]*)\s*([a-z]*|%)\s*$/i;

/** null: it is none. */
export function parseThreshold(text: string): Threshold | null {
  const [, name = null, operator, number = '', unit = ''] = FORM.exec(text) ?? [];
  if (operator === undefined) return null;
  const limit = limitOf(number, unit);
  return limit === null ? null : { name, operator: operator as Operator, amount: `${number}${unit}`, limit };
}

/** Small letters are of time (`m` is a minute, as in every other duration), large ones of size. */
function limitOf(number: string, unit: string): number | null {
  if (Number.isNaN(Number(number))) return null;
  if (unit === '') return Number(number);
  if (unit === '%') return parsePercent(`${number}%`);
  return /^[a-z]/.test(unit) ? parseDuration(`${number}${unit}`) : parseBytes(`${number}${unit}`);
}

/** Whether it is over the threshold; null: nobody can tell. */
export function isOver({ operator, limit }: Threshold, value: number | null): boolean | null {
  if (value === null || Number.isNaN(value)) return null;
  switch (operator) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '=':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
