import type { Check, Kind, Pool } from '../model/entity.ts';
import type { Fleet } from './fleet.ts';

/** Whether a source has told what it has of these kinds, or why not. */
export function hasTold(fleet: Fleet, source: string, kinds: readonly Kind[]): boolean {
  const asked = kinds.includes('pool') ? [...kinds, WITH_POOLS] : kinds;
  if (asked.some(kind => fleet.coverage(source, kind)?.state === 'asking')) return false;
  const own = <K extends 'pool' | 'check'>(kind: K) =>
    kinds.includes(kind) ? [...fleet.all(kind).values()].filter(noun => noun.source === source) : [];
  return own('pool').every(isProbed) && own('check').every(isAsked);
}

/** A pool that answers is known to live; how many connections it has, and what it holds, is read with its databases. */
const WITH_POOLS: Kind = 'database';

/** The platform's table names a pool; how it is, is known when it was asked itself, or cannot be asked. */
function isProbed({ up, downReason }: Pool): boolean {
  return up !== null || downReason !== null;
}

/** The profile names an endpoint; one that answers makes the source live before the others were asked. */
function isAsked({ status, failure }: Check): boolean {
  return status !== null || failure !== null;
}
