import type { Fleet } from '../fleet/fleet.ts';
import { gaps, isNotLive, wordOf } from '../fleet/gaps.ts';
import type { Health } from '../model/entity.ts';
import { sentence } from '../model/trouble.ts';
import type { SourceState } from '../sources/source.ts';
import { fit, textWidth } from '../stage/width.ts';
import { clockTime, dateTime, elapsed } from '../text/format.ts';
import { mark, phaseMark, plain } from '../text/look.ts';
import { API_VERSION, kindName, time } from './items.ts';
import { COUNTED } from './kinds.ts';
import { indented, problemLines } from './problem-lines.ts';
import { current } from './select.ts';
import type { Style } from './style.ts';
import { type Overall, overall, tally } from './verdict.ts';

export interface Report {
  platform: string;
  /** It is the embedded platform. */
  demo: boolean;
}

/** The status of a fleet that has settled, for programs. */
export function statusJson(fleet: Fleet, { platform, demo }: Report): { output: object; code: number } {
  const { health, code, problems } = overall(fleet);
  const output = {
    apiVersion: API_VERSION,
    kind: 'Status',
    ...(demo && { demo }),
    platform,
    observedAt: time(fleet.now()),
    health,
    sources: fleet.sources().map(sourceJson),
    counts: Object.fromEntries(COUNTED.map(({ name, kind }) => [name, countOf(fleet, kind)])),
    problems: problems.map(noun => ({
      id: noun.id,
      kind: kindName(noun),
      name: noun.name,
      health: noun.health,
      reason: noun.reason,
    })),
  };
  return { output, code };
}

export function sourceJson({ name, kind, phase, since, observedAt, trouble }: SourceState) {
  return {
    name,
    kind,
    state: phase,
    since: time(since),
    observedAt: time(observedAt),
    error: trouble && sentence(trouble),
  };
}

/** null where nobody can tell: no source of that kind, or none that has answered. */
function countOf(fleet: Fleet, kind: (typeof COUNTED)[number]['kind']) {
  const { told, gaps: missing } = gaps(fleet, kind);
  const nouns = current(fleet, kind);
  if (told === 0 && nouns.length === 0) return null;
  return { ...tally(nouns), complete: missing.length === 0 };
}

/** The status of a fleet that has settled, for people: what is not well first, each with its reason under it. */
export function statusText(fleet: Fleet, report: Report, style: Style): { text: string; code: number } {
  const verdict = overall(fleet);
  const lines = [
    ...heading(fleet, report, verdict, style),
    '',
    ...problemLines(verdict.problems, style),
    ...sourceLines(fleet, style),
    '',
    ...countLines(fleet, style),
  ];
  return { text: `${lines.map(line => plain(line, style.ascii)).join('\n')}\n`, code: verdict.code };
}

function heading(fleet: Fleet, { platform, demo }: Report, { health, problems }: Overall, style: Style): string[] {
  const { bad, warn } = tally(problems);
  const words = [
    bad > 0 ? style.paint('bad', `${mark('bad', style.ascii)} ${bad} bad`) : '',
    warn > 0 ? style.paint('warn', `${mark('warn', style.ascii)} ${warn} warning${warn === 1 ? '' : 's'}`) : '',
    bad + warn > 0 ? '' : style.paint(health, `${mark(health, style.ascii)} ${WELL[health]}`),
  ];
  const notice = demo ? [style.paint('demo', 'demo: the embedded platform, nothing here is real')] : [];
  return [...notice, [style.paint('title', platform), ...words.filter(Boolean), dateTime(fleet.now())].join('  ')];
}

const WELL = { ok: 'all that is known is well', warn: 'warnings', bad: 'bad', unknown: 'nobody can tell' };

function sourceLines(fleet: Fleet, style: Style): string[] {
  const sources = fleet.sources();
  const width = Math.max(0, ...sources.map(({ name }) => textWidth(name)));
  return sources.flatMap(source => {
    const { name, target, trouble } = source;
    const { mark: sign, tone } = phaseMark(source.phase, style.ascii);
    const line = `${style.paint(tone, sign)} ${fit(name, width)}  ${[phaseWords(source, fleet.now()), target].filter(Boolean).join(' · ')}`;
    return trouble && isNotLive(source) ? [line, ...indented(sentence(trouble), style)] : [line];
  });
}

function phaseWords(source: SourceState, now: number): string {
  const { phase, observedAt, since } = source;
  if (phase !== 'stale') return wordOf(source);
  return observedAt === null
    ? `stale since ${clockTime(since)}`
    : `stale: no answer since ${clockTime(observedAt)}, at least ${elapsed(now - observedAt)} ago`;
}

const ORDER: readonly Health[] = ['bad', 'warn', 'unknown', 'busy', 'off', 'ok'];
const WORDS: Record<Health, string> = {
  ok: 'well',
  busy: 'busy',
  warn: 'warning',
  bad: 'bad',
  off: 'off on purpose',
  unknown: 'unknown',
};

function countLines(fleet: Fleet, style: Style): string[] {
  const width = Math.max(...COUNTED.map(({ name }) => name.length));
  return COUNTED.flatMap(({ name, kind }) => {
    const { tellers, told, gaps: missing } = gaps(fleet, kind);
    const nouns = current(fleet, kind);
    // Why a source is not live stands at the source, once.
    const why = missing
      .map(({ source, why }) => `${source.name}: ${isNotLive(source) ? wordOf(source) : why}`)
      .join('; ');
    if (nouns.length === 0 && told === 0) return tellers > 0 && why ? [`${fit(name, width)}  not known: ${why}`] : [];
    const counts = tally(nouns);
    const parts = ORDER.filter(health => counts[health] > 0).map(health =>
      style.paint(health === 'ok' ? null : health, `${counts[health]} ${WORDS[health]}`),
    );
    const sum = counts.total === 0 ? 'none exist' : parts.join(', ');
    return [`${fit(name, width)}  ${sum}${why ? `; incomplete: ${why}` : ''}`];
  });
}
