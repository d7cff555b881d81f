import type { Fleet } from '../fleet/fleet.ts';
import type { Replica } from '../model/entity.ts';
import { byHealth } from '../model/health/verdict.ts';

/** How the log of a replica was read. */
export interface LogRead {
  replica: Replica;
  lines: number;
  /** Time of its oldest line that was read; null: there was none with a time. */
  from: number | null;
  /** There is more than was read. */
  cut: boolean;
  /** Why it could not be read, or not to its end. */
  failure: string | null;
}

export interface LogReading {
  /** So many of the last lines of each container at most. */
  lines: number;
  sinceSeconds: number;
  take(replica: Replica, text: string, at: number | null): void;
}

/** So many at once. */
const AT_ONCE = 8;
/** In all; of a large platform fewer lines of each are read, and never none. */
const MOST_LINES = 1_000_000;
const LEAST_LINES = 20;

/** So many of the last lines are read of each of so many logs, where `wanted` are asked for. */
export function linesOfEach(logs: number, wanted: number): number {
  return Math.max(LEAST_LINES, Math.min(wanted, Math.floor(MOST_LINES / Math.max(1, logs))));
}

/** Reads what replicas wrote lately, those that are not well first. Rejects only when the signal aborts. */
export async function readLogs(
  fleet: Fleet,
  replicas: readonly Replica[],
  { lines, sinceSeconds, take }: LogReading,
  signal: AbortSignal,
): Promise<LogRead[]> {
  const waiting = [...replicas].sort((a, b) => byHealth(a.health, b.health));
  const read: LogRead[] = [];
  const one = async (replica: Replica): Promise<LogRead> => {
    const counts = new Map<string | null, number>();
    const log: LogRead = { replica, lines: 0, from: null, cut: false, failure: null };
    const logs = fleet.source(replica.source)?.logs;
    if (!logs) return { ...log, failure: `${replica.source} gives no logs` };
    const query = { follow: false, tail: lines, sinceSeconds, previous: false };
    await logs(
      replica,
      query,
      part => {
        if (part.type === 'mark') {
          if (part.gap || !NOTHING_TO_READ.test(part.text)) log.failure = part.text;
          return;
        }
        log.lines++;
        if (part.at !== null) log.from = Math.min(log.from ?? part.at, part.at);
        counts.set(part.container, (counts.get(part.container) ?? 0) + 1);
        take(replica, part.text, part.at);
      },
      signal,
    );
    log.cut = [...counts.values()].some(count => count >= lines);
    return log;
  };
  const work = async () => {
    for (let replica = waiting.shift(); replica; replica = waiting.shift()) {
      signal.throwIfAborted();
      read.push(await one(replica));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  signal.throwIfAborted();
  return read;
}

/** Marks of an end, and of a container that has written nothing yet. */
const NOTHING_TO_READ = /^ended: |waiting to start|not found|is gone/;
