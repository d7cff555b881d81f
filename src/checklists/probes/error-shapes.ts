import { createHash } from 'node:crypto';
import { looksLikeError } from '../../logs/log-pattern.ts';
import type { Finding } from '../../model/checklist-run.ts';
import type { Replica } from '../../model/entity.ts';
import { clockTime, counted } from '../../text/format.ts';
import type { Means, Probe, Seen } from '../checklist.ts';
import { finding } from '../finding.ts';
import { shapeOf } from '../message-shape.ts';
import { type LogRead, linesOfEach, readLogs } from '../read-logs.ts';

const DAY_SECONDS = 86_400;
const MOST_SHAPES = 5_000;
const MOST_SAMPLES = 3;
/** A known error is news again when it comes so many times as often, and often. */
const GROWN_TIMES = 10;
const GROWN_LEAST = 50;

/** Lines of one shape that one workload wrote. */
interface Group {
  workload: { id: string; name: string };
  shape: string;
  count: number;
  firstAt: number | null;
  samples: string[];
}

/** The errors that were written in a day, by their shape; those that no run has seen before are told. */
export const errorShapes: Probe = {
  name: 'logs',
  needs: ['workload', 'replica'],
  async look(means) {
    const { fleet, settings, signal, past } = means;
    const ignored = settings.logIgnore.map(pattern => new RegExp(pattern));
    const groups = new Map<string, Group>();
    let overflow = 0;
    const take = (replica: Replica, text: string, at: number | null) => {
      if (!isError(text) || ignored.some(pattern => pattern.test(text))) return;
      const workload = writerOf(replica, means);
      const shape = shapeOf(text);
      const key = keyOf(workload.name, shape);
      const group = groups.get(key) ?? { workload, shape, count: 0, firstAt: at, samples: [] };
      if (!groups.has(key) && groups.size >= MOST_SHAPES) {
        overflow++;
        return;
      }
      groups.set(key, group);
      group.count++;
      if (at !== null) group.firstAt = Math.min(group.firstAt ?? at, at);
      if (group.samples.length < MOST_SAMPLES) group.samples.push(text);
    };
    const all = [...fleet.all('replica').values()].filter(({ wanted }) => wanted !== 'gone');
    const lines = linesOfEach(all.length, settings.logLines);
    const read = await readLogs(fleet, all, { lines, sinceSeconds: DAY_SECONDS, take }, signal);
    const news = [...groups].filter(([key, { count }]) => isNews(count, countsBefore(key, past)));
    return {
      findings: [
        ...newFindings(
          news.map(([, group]) => group),
          past.length > 0,
        ),
        ...unread(read),
      ],
      facts: facts([...groups.values()], news.length, { read, lines, overflow }, means),
      figures: Object.fromEntries([...groups].map(([key, { count }]) => [key, count])),
    };
  },
};

/** The head of a stack trace says nothing: its last line does. */
const isError = (text: string) => looksLikeError(text) && !/^Traceback \(most recent/.test(text);

/** Jobs are made anew each time: what they share is the name without its ids. */
function writerOf({ workload, id, name }: Replica, { fleet }: Means): Group['workload'] {
  const noun = workload === null ? undefined : fleet.get('workload', workload);
  const named = noun?.name ?? name;
  return { id: noun?.id ?? id, name: noun && /Job$/.test(noun.type) ? shapeOf(named) : named };
}

function keyOf(workload: string, shape: string): string {
  return `error ${createHash('sha256').update(`${workload}\n${shape}`).digest('hex').slice(0, 12)}`;
}

function countsBefore(key: string, past: Means['past']): number[] {
  return past.flatMap(({ figures }) => figures[key] ?? []);
}

function isNews(count: number, before: readonly number[]): boolean {
  return before.length === 0 || (count >= GROWN_LEAST && count >= GROWN_TIMES * Math.max(...before));
}

const WORST = /\b(?:fatal|panic|critical|crit|emerg|segfault|oom-?killed)\b/i;

/** The same shape in many workloads is told once, at the one that wrote it most. */
function newFindings(news: readonly Group[], canCompare: boolean): Finding[] {
  const byShape = Map.groupBy(news, ({ shape }) => shape);
  return [...byShape.values()]
    .map(groups => groups.toSorted((a, b) => b.count - a.count))
    .sort(([a], [b]) => (b?.count ?? 0) - (a?.count ?? 0))
    .flatMap(([most, ...others]) => {
      if (!most) return [];
      const count = most.count + others.reduce((sum, group) => sum + group.count, 0);
      const where = others.length > 0 ? ` in ${counted(others.length + 1, 'workload')}` : '';
      const since = most.firstAt === null ? '' : ` since ${clockTime(most.firstAt, false)}`;
      const reason = `${canCompare ? 'new' : 'error'}: ${most.shape} (${count}×${where}${since})`;
      const health = WORST.test(most.samples[0] ?? '') ? 'bad' : 'warn';
      return [{ target: most.workload.name, about: most.workload.id, health, reason, evidence: most.samples }];
    });
}

/** Logs that could not be read, by why: nobody can tell what is in them. */
function unread(read: readonly LogRead[]): Finding[] {
  const failed = Map.groupBy(
    read.filter(({ failure }) => failure !== null),
    ({ failure }) => failure ?? '',
  );
  return [...failed].map(([why, logs]) => {
    const [first] = logs;
    const others = logs.length > 1 ? ` and ${logs.length - 1} more` : '';
    return {
      ...finding(`${first?.replica.name}${others}`, 'unknown', `log not read: ${why}`),
      about: first?.replica.id ?? null,
    };
  });
}

function facts(
  groups: readonly Group[],
  news: number,
  { read, lines, overflow }: { read: readonly LogRead[]; lines: number; overflow: number },
  { past }: Means,
): Seen['facts'] {
  const errors = groups.reduce((sum, { count }) => sum + count, 0) + overflow;
  const cut = read.filter(log => log.cut).length;
  return [
    errors === 0
      ? 'no errors in 24 h'
      : `${counted(errors, 'error')} in 24 h of ${counted(groups.length, 'shape')}, ${news} new`,
    ...(errors > 0 && past.length === 0 ? ['no run before to compare with'] : []),
    ...(cut > 0 ? [`${cut} of ${read.length} logs: the last ${lines} lines only`] : []),
    ...(overflow > 0 ? [`${overflow} lines of further shapes`] : []),
  ];
}
