import { once } from 'node:events';
import { LogBuffer, type LogEntry } from '../logs/log-buffer.ts';
import { type Pattern, patternOf } from '../logs/log-pattern.ts';
import { LogSession } from '../logs/log-session.ts';
import type { Noun, Replica } from '../model/entity.ts';
import type { Options } from './arguments.ts';
import { EXIT, type Io } from './io.ts';
import type { Session } from './session.ts';
import { NoTarget, targetOf } from './targets.ts';

/** Without --tail and --since, so many of the last lines of each container. */
const TAIL = 100;

/**
 * `logs TARGET…`: the logs of replicas, or of all replicas of workloads, in the order of time; with --follow what comes.
 * Marks of ours go to standard error. Exit 2 when a target is not there, 3 when lines may be missing.
 */
export async function logs({ fleet }: Session, targets: readonly string[], options: Options, io: Io): Promise<number> {
  const nouns: Noun[] = [];
  for (const word of targets) {
    try {
      nouns.push(targetOf(word, ['workload', 'replica'], fleet, options.namespace));
    } catch (error) {
      if (!(error instanceof NoTarget)) throw error;
      io.err(`quarterdeck: ${error.message}\n`);
      return EXIT.bad;
    }
  }
  const replicas = () => nouns.flatMap((noun): Replica[] => replicasOf(noun, fleet.replicasOf(noun.id)));
  if (replicas().length === 0) {
    io.err('quarterdeck: there is no replica to read from\n');
    return EXIT.bad;
  }
  const pattern = patternOf(options.filter);
  const several = replicas().length > 1;
  let gap = false;
  let told = 0;
  const buffer = new LogBuffer();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const session: LogSession = new LogSession({
    fleet,
    replicas,
    buffer,
    query: {
      follow: options.follow,
      previous: options.previous,
      tail: options.tail ?? (options.sinceSeconds === null ? TAIL : null),
      sinceSeconds: options.sinceSeconds,
    },
    changed: () => {
      const kept = buffer.slice(Math.max(0, told - buffer.dropped), buffer.kept);
      told = buffer.dropped + buffer.kept;
      const shown = passing(kept, pattern);
      for (const entry of shown) {
        gap ||= entry.mark === 'gap';
        if (entry.mark !== null) io.err(`quarterdeck: ${entry.replica}: ${entry.text}\n`);
        else io.out(`${line(entry, several)}\n`);
      }
      if (session.reading === 0) end();
    },
  });
  await Promise.race([ended, io.signal.aborted ? undefined : once(io.signal, 'abort')]);
  session.close();
  return gap ? EXIT.notLive : EXIT.well;
}

/** Marks pass always; of lines those that have it as they were written, or as the screen shows JSON. */
function passing(entries: readonly LogEntry[], pattern: Pattern | null): readonly LogEntry[] {
  if (!pattern) return entries;
  const passes = ({ mark, text, folded }: LogEntry) => mark !== null || pattern.test(text, folded);
  return pattern.inTime(() => entries.filter(passes));
}

function replicasOf(noun: Noun, own: Replica[]): Replica[] {
  if (noun.kind === 'replica') return [noun];
  return own.filter(({ wanted, system }) => wanted !== 'gone' || system === 'kubernetes');
}

function line({ replica, container, text }: LogEntry, several: boolean): string {
  const name = several || container ? `${replica}${container ? `/${container}` : ''}: ` : '';
  return `${name}${text}`;
}
