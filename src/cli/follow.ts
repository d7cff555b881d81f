import { once } from 'node:events';
import { parseFilter } from '../filter/filter.ts';
import { fieldContext } from '../fleet/field-context.ts';
import { isNotLive } from '../fleet/gaps.ts';
import type { Kind } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import type { Options } from './arguments.ts';
import { eventLine, eventLines } from './event-lines.ts';
import { EXIT, type Io } from './io.ts';
import { API_VERSION, eventItem } from './items.ts';
import type { Platform } from './platform.ts';
import type { Session } from './session.ts';
import { settle } from './settle.ts';
import { styleOf } from './style.ts';

/** Without --since: Kubernetes keeps its events for so long. */
const USUAL_SECONDS = 3_600;
/** With --follow the first lines do not wait longer for what has happened before. */
const PAST_MS = 2_000;
const SUBJECT_WIDTH = 32;

/**
 * `events`: what happened, oldest first, and with --follow what happens until the end. Exit 3 when a source was not
 * live, so that something may be missing.
 */
export async function follow(
  session: Session,
  { demo }: Platform,
  kinds: ReadonlySet<Kind>,
  options: Options,
  io: Io,
): Promise<number> {
  const { fleet } = session;
  const style = styleOf(options, io);
  const filter = parseFilter(options.filter, fieldContext(fleet));
  const since = io.now() - (options.sinceSeconds ?? USUAL_SECONDS) * 1000;
  const json = (event: FeedEvent) =>
    `${JSON.stringify({ apiVersion: API_VERSION, ...(demo && { demo }), ...eventItem(event) })}\n`;
  if (demo && !options.json) io.err('quarterdeck: demo: the embedded platform, nothing here is real\n');

  const timeout = options.timeoutSeconds * 1000;
  await settle(fleet, kinds, options.follow ? Math.min(timeout, PAST_MS) : timeout, io.signal);
  const past = session.past({ since, filter: filter.test });
  const told = new Map(past.map(({ key, count, at }) => [key, `${count} ${at}`]));
  io.out(
    options.json
      ? past.map(json).join('')
      : eventLines(past, style)
          .map(line => `${line}\n`)
          .join(''),
  );
  if (!options.follow) {
    if (past.length === 0 && !options.json) io.err('quarterdeck: nothing has happened in that time that is known\n');
    const silent = fleet.sources().filter(isNotLive);
    for (const { name, phase } of silent) io.err(`quarterdeck: ${name} is ${phase}: something may be missing\n`);
    return silent.length > 0 ? EXIT.notLive : EXIT.well;
  }

  let version = -1;
  const unsubscribe = fleet.subscribe(() => {
    if (fleet.version('events') === version) return;
    version = fleet.version('events');
    for (const event of fleet.feed.all()) {
      const state = `${event.count} ${event.at}`;
      if (event.at < since || told.get(event.key) === state || !filter.test(event)) continue;
      told.set(event.key, state);
      io.out(options.json ? json(event) : `${eventLine(event, SUBJECT_WIDTH, style)}\n`);
    }
  });
  if (!io.signal.aborted) await once(io.signal, 'abort');
  unsubscribe();
  return EXIT.well;
}
