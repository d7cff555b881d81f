import type { Health } from '../model/entity.ts';
import { rank } from '../model/health/verdict.ts';
import { compareWords } from '../text/compare-words.ts';
import type { Field, FieldContext, Subject, Value } from './fields.ts';

/**
 * An order by one field: health from the worst on, words as people count (w2 before w10), amounts from the smallest.
 * What is not known comes last, in both directions.
 */
export function orderBy(field: Field, context: FieldContext, descending = false): (a: Subject, b: Subject) => number {
  const direction = descending ? -1 : 1;
  const key = (subject: Subject): Value => {
    const value = field.read(subject, context);
    const first = typeof value === 'object' && value !== null ? value[0] : value;
    return first ?? null;
  };
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return direction * compare(x, y, field.name);
  };
}

const HEALTH = new Set(['status', 'health']);

/** Events have a severity, which has no word for well but `info`. */
const rankOf = (word: unknown): number => rank(word === 'info' ? 'ok' : (word as Health));

function compare(a: string | number | boolean, b: string | number | boolean, field: string): number {
  if (HEALTH.has(field)) return rankOf(a) - rankOf(b);
  if (typeof a === 'string' && typeof b === 'string') return compareWords(a, b);
  return Number(a) - Number(b);
}
