import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { Backoff } from '../backoff.ts';
import { type LogPart, LogPosition, type LogQuery, NOT_JOINED, type ReadLogs, stamped } from '../logs.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { lines } from './lines.ts';
import { troubleOf } from './trouble.ts';

interface Container {
  name: string;
  several: boolean;
}

/** What is read of one line at most; the rest of it is cut by `printable`'s own bound. */
const LONGEST_SHOWN = 16_384;

/** Reads the logs of pods through the API server; `pathOf` gives the path of a pod. */
export function logReader(api: () => Api | null, pathOf: (replica: Replica) => string | null): ReadLogs {
  return async (replica, query, take, signal) => {
    const path = pathOf(replica);
    const server = api();
    const mark = (text: string, gap = false) => take({ type: 'mark', at: Date.now(), text, gap });
    if (!server || path === null) return mark('not connected yet');
    const containers = await containersOf(server, path, signal).catch((error: unknown) => {
      if (!signal.aborted) mark(troubleOf(error, 'read its containers', server.context.name).why);
      return [];
    });
    await Promise.all(containers.map(container => follow({ server, path, container, query, take, mark }, signal)));
  };
}

async function containersOf(api: Api, path: string, signal: AbortSignal): Promise<Container[]> {
  const pod = (await api.json(path, signal)) as { spec?: { containers?: { name?: string }[] } };
  const names = (pod.spec?.containers ?? []).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  return names.map(name => ({ name, several: names.length > 1 }));
}

interface Following {
  server: Api;
  path: string;
  container: Container;
  query: LogQuery;
  take(part: LogPart): void;
  mark(text: string, gap?: boolean): void;
}

async function follow({ server, path, container, query, take, mark }: Following, signal: AbortSignal): Promise<void> {
  const position = new LogPosition();
  const backoff = new Backoff({ baseMs: 300, limitMs: 10_000 });
  let broken = false;
  while (!signal.aborted) {
    try {
      const stream = await server.get(
        `${path}/log?${parameters(container.name, query, position.stamp)}`,
        signal,
        'identity',
      );
      if (broken) mark('connected again: goes on where it stood');
      broken = false;
      position.resume();
      for await (const line of lines(stream)) {
        backoff.reset();
        const read = stamped(line);
        if (read && !position.joins(read.stamp)) mark(NOT_JOINED, true);
        if (read && !position.isNew(read.stamp)) continue;
        take({
          type: 'line',
          at: read?.at ?? null,
          container: container.several ? container.name : null,
          error: false,
          text: printable(read?.text ?? line, LONGEST_SHOWN),
        });
      }
      if (!query.follow || query.previous) return;
      // The kubelet ends the stream with its container, which may be started again.
      if (await hasEnded(server, path, signal)) return mark('ended: the pod has come to its end');
    } catch (error) {
      if (signal.aborted) return;
      const { why } = troubleOf(error, 'read its log', server.context.name);
      if (error instanceof ApiError && error.status === 404) return mark('ended: the pod is gone');
      if (error instanceof ApiError && (error.status === 400 || error.status === 403)) {
        // "container is waiting to start": there is nothing to read yet.
        if (error.status === 403 || !query.follow || query.previous) return mark(why);
        if (!broken) mark(why);
      } else if (!query.follow) return mark(`cut off: ${why}`, true);
      else if (!broken) mark(`lost: ${why}; connecting again`);
      broken = true;
    }
    await sleep(backoff.next(), undefined, { signal }).catch(() => {});
  }
}

function parameters(
  container: string,
  { follow, tail, sinceSeconds, previous }: LogQuery,
  stamp: string | null,
): string {
  const query = new URLSearchParams({ container, timestamps: 'true' });
  if (follow && !previous) query.set('follow', 'true');
  if (previous) query.set('previous', 'true');
  if (stamp !== null) query.set('sinceTime', stamp);
  else {
    if (tail !== null) query.set('tailLines', String(tail));
    if (sinceSeconds !== null) query.set('sinceSeconds', String(Math.ceil(sinceSeconds)));
  }
  return query.toString();
}

async function hasEnded(api: Api, path: string, signal: AbortSignal): Promise<boolean> {
  const pod = (await api.json(path, signal)) as {
    status?: { phase?: string };
    metadata?: { deletionTimestamp?: string };
  };
  return (
    pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' || pod.metadata?.deletionTimestamp !== undefined
  );
}
