import { isDeepStrictEqual } from 'node:util';
import type { Kind, Noun, Seen } from '../model/entity.ts';

/** When it was seen is no news; health and reason no source tells. */
const ALWAYS: readonly string[] = ['observedAt', 'health', 'reason'];
/** Of a workload its replicas tell these. */
const OF_WORKLOADS: readonly string[] = [...ALWAYS, 'restarts', 'cpuUsedMillicores', 'memoryUsedBytes'];

/** Whether a source sees a noun as it was: then nobody needs to be told, or to judge it again. */
export function isSame(before: Noun, seen: Seen): boolean {
  const passed = keysPassed(seen.kind);
  const [old, young] = [before, seen] as unknown as [Record<string, unknown>, Record<string, unknown>];
  for (const key in young) {
    if (!Object.is(old[key], young[key]) && !passed.includes(key) && !isDeepStrictEqual(old[key], young[key]))
      return false;
  }
  for (const key in old) if (!(key in young) && !passed.includes(key)) return false;
  return true;
}

const keysPassed = (kind: Kind) => (kind === 'workload' ? OF_WORKLOADS : ALWAYS);
