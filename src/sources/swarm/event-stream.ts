import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '../backoff.ts';
import type { ApiEvent } from './api.ts';
import type { Engine } from './engine.ts';
import { eventQuery, momentOf } from './events.ts';

export interface EventStreamOptions {
  engine: Engine;
  onEvent(event: ApiEvent): void;
  /** The stream could not be had or broke off: the engine may be gone. */
  onBreak(error: unknown): void;
  openingMs: number;
  /** A stream that says nothing for so long is opened anew: a connection can die without a sign. */
  silentMs: number;
  backoff?: Backoff;
}

/** More than any event has: a line that does not end. */
const LONGEST_LINE = 1_000_000;
/** Enough to know again what a stream that is opened anew repeats. */
const REMEMBERED = 64;

/** Follows the engine's events until the signal aborts; after a break it goes on where it stood. */
export async function followEvents(options: EventStreamOptions, signal: AbortSignal): Promise<void> {
  const { engine, onEvent, onBreak, openingMs, silentMs, backoff = new Backoff({ limitMs: 15_000 }) } = options;
  const remembered: string[] = [];
  let since: string | null = null;

  const take = (line: string) => {
    if (line.trim() === '' || remembered.includes(line)) return;
    remembered.push(line);
    if (remembered.length > REMEMBERED) remembered.shift();
    const event = JSON.parse(line) as ApiEvent;
    since = momentOf(event) ?? since;
    onEvent(event);
  };

  while (!signal.aborted) {
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    const silence = setTimeout(() => ended.abort(), silentMs);
    try {
      since ??= String(Math.floor(engine.now() / 1000));
      const stream = await engine.open('/events', eventQuery(since), { deadlineMs: openingMs, signal: both });
      let rest = '';
      for await (const chunk of stream.setEncoding('utf8')) {
        silence.refresh();
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > LONGEST_LINE) throw new Error('an event that does not end');
        for (const line of lines) take(line);
        backoff.reset();
      }
      throw new Error('the stream of events ended');
    } catch (error) {
      if (signal.aborted) return;
      if (ended.signal.aborted) continue;
      onBreak(error);
    } finally {
      clearTimeout(silence);
    }
    await sleep(backoff.next(), undefined, { signal }).catch(() => {});
  }
}
