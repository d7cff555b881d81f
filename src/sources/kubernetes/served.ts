import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '../backoff.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import type { Resource } from './resources.ts';
import type { Timing } from './timing.ts';
import { items, text } from './wire.ts';

/**
 * Resolves with true once the API serves a resource of a custom definition, however long that takes, and with false when
 * the signal has aborted; `absent` hears each time that it does not serve it yet. Discovery answers for every user what
 * there is; a list would answer "forbidden" also where nothing is to be forbidden.
 */
export async function served(
  { group, version, plural }: Resource,
  { api, timing, signal, absent }: { api: Api; timing: Timing; signal: AbortSignal; absent(): void },
): Promise<boolean> {
  const backoff = new Backoff({ baseMs: timing.backoffMs, limitMs: timing.backoffLimitMs });
  while (!signal.aborted) {
    let wait = timing.refusedMs;
    try {
      const answer = (await api.json(`/apis/${group}/${version}`, signal)) as {
        resources?: { name?: unknown }[];
      } | null;
      if (items(answer?.resources).some(({ name }) => text(name) === plural)) return true;
      absent();
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) absent();
      else wait = backoff.next();
    }
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
  return false;
}
