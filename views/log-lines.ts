import type { LogBuffer, LogEntry } from '../src/logs/log-buffer.ts';
import { looksLikeError, type Pattern } from '../src/logs/log-pattern.ts';
import { wrapped } from '../src/screen/document.ts';
import { type LogView, stampOf } from '../src/screen/log-view.ts';
import { fit, textWidth } from '../src/stage/width.ts';
import { counted, elapsed } from '../src/text/format.ts';
import { paint, type Tone } from '../src/text/look.ts';
import { framed } from './frame.ts';

/** Tones that tell replicas apart; their names do so without colour. */
const TONES: readonly Tone[] = ['link', 'warn', 'unknown', 'ok'];
const LONGEST_NAME = 24;

/** The lines of a log that are in sight, the lowest at the bottom. */
export function logLines(
  log: LogView,
  { width, height, ascii, bare }: { width: number; height: number; ascii: boolean; bare: boolean },
): string[] {
  const inner = bare ? width : width - 2;
  const room = Math.max(1, bare ? height : height - 2);
  log.rows = room;
  const lines: string[] = [];
  for (let place = log.bottom; place >= 0 && lines.length < room; place--) {
    const [entry] = log.buffer.slice(place, place + 1);
    if (entry) lines.unshift(...entryLines(log, entry, inner));
  }
  if (log.buffer.dropped > 0 && lines.length < room) {
    const bound = boundOf(log.buffer);
    lines.unshift(paint('warn', fit(`-- ${counted(log.buffer.dropped, 'older line')} dropped, ${bound} --`, inner)));
  }
  const shown = lines.slice(-room);
  if (shown.length === 0) shown.push(paint('dim', nothing(log)));
  if (bare) return shown.map(line => fit(line, width));
  return framed(shown, {
    width,
    height,
    title: ` ${log.title}: ${log.session.query.previous ? 'previous log' : 'log'}, ${log.reach} `,
    sum: sum(log),
    sumTone: log.following ? 'ok' : 'warn',
    focused: true,
    ascii,
  });
}

function nothing(log: LogView): string {
  if (log.buffer.kept > 0) return `none of ${log.buffer.kept} lines match`;
  if (log.session.names.length === 0) return 'there is no replica to read from';
  return log.session.reading > 0 ? 'nothing was written yet, or it is still being read …' : 'nothing was written';
}

function sum(log: LogView): string {
  const { size, kept, dropped } = log.buffer;
  const { behind } = log.session;
  const parts = [
    log.session.names.length > 1 ? counted(log.session.names.length, 'replica') : null,
    size === kept ? counted(kept, 'line') : `${size} of ${counted(kept, 'line')}`,
    dropped > 0 ? `${dropped} older dropped` : null,
    behind && `${elapsed(behind.ms)} behind, some ${counted(behind.lines, 'line')}`,
    standing(log, size),
    dropped > 0 ? boundOf(log.buffer) : null,
  ];
  return parts.filter(Boolean).join(' · ');
}

function boundOf({ bounds: { lines, characters } }: LogBuffer): string {
  return `at most ${counted(lines, 'line')} or ${counted(characters, 'character')} are kept`;
}

/** The log of what has ended does not go on: it is neither followed nor paused. */
function standing(log: LogView, size: number): string {
  const { previous } = log.session.query;
  if (log.following) return previous ? 'ended' : 'following';
  const below = `${size - 1 - log.bottom} below`;
  return previous ? below : `paused, ${below}`;
}

function entryLines(log: LogView, entry: LogEntry, width: number): string[] {
  const stamp = log.stamps ? `${paint('dim', stampOf(entry))} ` : '';
  const name = log.session.names.length > 1 || entry.container ? nameOf(log, entry) : '';
  const before = `${stamp}${name}`;
  const room = Math.max(8, width - textWidth(before));
  if (entry.mark !== null)
    return [`${before}${paint(entry.mark === 'gap' ? 'warn' : 'dim', fit(`-- ${entry.text} --`, room))}`];
  const text = log.textOf(entry);
  const tone: Tone | null = entry.error || looksLikeError(text) ? 'bad' : null;
  const rows = log.wrapped ? wrapped([{ text }], room).map(({ text }) => text) : [text];
  const indent = ' '.repeat(textWidth(before));
  return rows.map((row, index) => `${index === 0 ? before : indent}${marked(fit(row, room), log.sought, tone)}`);
}

function nameOf(log: LogView, { replica, container }: LogEntry): string {
  const names = log.session.names;
  const tone = TONES[Math.max(0, names.indexOf(replica ?? '')) % TONES.length]!;
  const full = container ? `${short(replica ?? '')}/${container}` : short(replica ?? '');
  const width = Math.min(LONGEST_NAME, Math.max(...names.map(name => textWidth(short(name)))) + (container ? 10 : 0));
  return `${paint(tone, fit(full, width))} `;
}

/** The end of a name is what tells replicas of one workload apart. */
function short(name: string): string {
  return name.length > LONGEST_NAME ? `…${name.slice(1 - LONGEST_NAME)}` : name;
}

function marked(line: string, sought: Pattern | null, tone: Tone | null): string {
  const found = sought?.inTime(() => sought.find(line)) ?? null;
  if (!found) return paint(tone, line);
  const { from, to } = found;
  return `${paint(tone, line.slice(0, from))}${paint('cursor', line.slice(from, to))}${paint(tone, line.slice(to))}`;
}
