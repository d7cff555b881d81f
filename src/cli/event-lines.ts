import type { FeedEvent } from '../model/event.ts';
import { fit, textWidth } from '../stage/width.ts';
import { dateTime } from '../text/format.ts';
import { mark, plain } from '../text/look.ts';
import type { Style } from './style.ts';

const MOST = 40;

/** Events for people, a line each, oldest first. */
export function eventLines(events: readonly FeedEvent[], style: Style): string[] {
  const width = Math.min(MOST, Math.max(0, ...events.map(({ subject }) => textWidth(subject))));
  return events.map(event => eventLine(event, width, style));
}

export function eventLine(
  { at, severity, subject, reason, message, count }: FeedEvent,
  width: number,
  style: Style,
): string {
  const tone = severity === 'info' ? 'ok' : severity;
  const sign = severity === 'info' ? (style.ascii ? '.' : '·') : mark(severity, style.ascii);
  const times = count > 1 ? ` ×${count}` : '';
  const line = `${dateTime(at)} ${style.paint(tone, sign)} ${fit(subject, width)}  ${reason}: ${message}${times}`;
  return plain(line, style.ascii);
}
