import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { Backoff } from '../backoff.ts';
import { LogPosition, type LogQuery, NOT_JOINED, type ReadLogs, stamped } from '../logs.ts';
import type { ApiTask } from './api.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { explain } from './failure.ts';
import { LogFrames } from './log-frames.ts';

const DEADLINE_MS = 10_000;
/**
 * The engine was seen to follow the log of a lost node or of an ended task for ever, without a word: after so long in
 * silence the task itself is looked at.
 */
const SILENT_MS = 30_000;
const LONGEST_SHOWN = 16_384;
const ENDED = new Set('complete shutdown failed rejected orphaned remove'.split(' '));

/**
 * Reads the logs of tasks, each by itself: a service's own log hangs or ends as a whole when one of its nodes is lost.
 */
export function logReader(engine: () => Engine | null): ReadLogs {
  return async (replica, query, take, signal) => {
    const mark = (text: string, gap = false) => take({ type: 'mark', at: Date.now(), text, gap });
    const of = engine();
    if (!of || replica.uid === null) return mark('not connected yet');
    if (query.previous) return mark('a task has one container: the one before it is another task of the slot');
    const position = new LogPosition();
    const backoff = new Backoff({ baseMs: 300, limitMs: 10_000 });
    let broken = false;
    while (!signal.aborted) {
      const silent = new AbortController();
      const both = AbortSignal.any([signal, silent.signal]);
      const watch = setTimeout(() => silent.abort(), SILENT_MS);
      try {
        const call = { deadlineMs: DEADLINE_MS, signal: both };
        const stream = await of.open(`/tasks/${replica.uid}/logs`, parameters(query, position.stamp), call);
        if (broken) mark('connected again: goes on where it stood');
        broken = false;
        position.resume();
        const frames = new LogFrames();
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          watch.refresh();
          backoff.reset();
          for (const { error, text } of frames.take(chunk)) {
            const read = stamped(text);
            if (read && !position.joins(read.stamp)) mark(NOT_JOINED, true);
            if (read && !position.isNew(read.stamp)) continue;
            take({
              type: 'line',
              at: read?.at ?? null,
              container: null,
              error,
              text: printable(read?.text ?? text, LONGEST_SHOWN),
            });
          }
        }
        if (!query.follow) return;
      } catch (error) {
        if (signal.aborted) return;
        if (!silent.signal.aborted) {
          const { trouble } = explain(error, 'read its log', of.address);
          if (error instanceof EngineError && error.status === 404) return mark('ended: the task is gone');
          if (!query.follow) return mark(`cut off: ${trouble.why}`, true);
          if (!broken) mark(`lost: ${trouble.why}; connecting again`);
          broken = true;
        }
      } finally {
        clearTimeout(watch);
      }
      const end = await endOf(of, replica, signal);
      if (end !== null) return mark(end, end.startsWith('its node'));
      await sleep(backoff.next(), undefined, { signal }).catch(() => {});
    }
  };
}

function parameters({ follow, tail, sinceSeconds }: LogQuery, stamp: string | null): Record<string, string> {
  const since =
    stamp === null ? sinceSeconds && Date.now() / 1000 - sinceSeconds : Math.floor(Date.parse(stamp) / 1000);
  return {
    stdout: '1',
    stderr: '1',
    timestamps: '1',
    ...(follow && { follow: '1' }),
    ...(since !== null && { since: String(Math.floor(since)) }),
    ...(stamp === null && tail !== null && { tail: String(tail) }),
  };
}

/** Why nothing more can come, as the swarm sees the task; null while something may. */
async function endOf(engine: Engine, { uid }: Replica, signal: AbortSignal): Promise<string | null> {
  const call = { deadlineMs: DEADLINE_MS, signal };
  try {
    const task = (await engine.get(`/tasks/${uid}`, {}, call)) as ApiTask | null;
    const state = task?.Status?.State ?? '';
    if (ENDED.has(state)) return `ended: the task is ${state}`;
    const node = (await engine.get(`/nodes/${task?.NodeID}`, {}, call)) as { Status?: { State?: string } } | null;
    return node?.Status?.State === 'down' ? 'its node is down: its lines cannot be read' : null;
  } catch (error) {
    return error instanceof EngineError && error.status === 404 ? 'ended: the task is gone' : null;
  }
}
