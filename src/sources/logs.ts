import type { Replica } from '../model/entity.ts';

export interface LogQuery {
  /** Go on with what is written from now on. */
  follow: boolean;
  /** So many of the last lines of each container; null for all. */
  tail: number | null;
  /** Only what was written in the last so many seconds; null for all. */
  sinceSeconds: number | null;
  /** Of the container before the one that runs now. Swarm: of the task before, which is another replica. */
  previous: boolean;
}

/** A line as a program wrote it, or a mark of ours about the stream. All texts are printable; secrets are the program's own. */
export type LogPart =
  | { type: 'line'; at: number | null; container: string | null; error: boolean; text: string }
  /** "connected again: nothing is missing", "ended: the container has gone". `gap`: lines may be missing or doubled here. */
  | { type: 'mark'; at: number; text: string; gap: boolean };

/**
 * Reads the log of one replica until it ends or the signal aborts; `take` hears each part in the order in which it was
 * written. Connects again by itself while it follows. Resolves when nothing more can come. Never rejects: what went
 * wrong is a mark.
 */
export type ReadLogs = (
  replica: Replica,
  query: LogQuery,
  take: (part: LogPart) => void,
  signal: AbortSignal,
) => Promise<void>;

/** What a reader says where a log does not join on. */
export const NOT_JOINED = 'another container runs now, or its log was rotated: lines before this may be missing';

/** What was read up to a break, so that what comes twice after it is told once: stamps are not unique. */
export class LogPosition {
  /** The latest that was read, as the system wrote it, RFC 3339 with nanoseconds. */
  stamp: string | null = null;
  /** Lines that bore it. */
  #sameStamp = 0;
  #skip = 0;
  #repeats = false;
  #resumed = false;

  /** After a break: what the system repeats from the last stamp on is passed over. */
  resume(): void {
    // A stream can break again before it has repeated all.
    this.#skip = Math.max(this.#skip, this.#sameStamp);
    this.#sameStamp = 0;
    this.#resumed = this.stamp !== null;
    this.#repeats = this.#resumed;
  }

  /**
   * False for the first line after a break when the one that was told last does not come again, as it would where the
   * log is the same and still has it: what was written between is not to be had.
   */
  joins(stamp: string): boolean {
    const first = this.#resumed;
    this.#resumed = false;
    return !first || this.stamp === null || stamp <= this.stamp;
  }

  /**
   * Whether the line with this stamp has not been told yet. Only what follows a break can have been: a system stamps
   * what comes on a program's two streams at the same time, and may write the later first.
   */
  isNew(stamp: string): boolean {
    // Stamps of one width in UTC sort as texts do.
    if (this.#repeats && this.stamp !== null && stamp < this.stamp) return false;
    if (this.stamp === null || stamp > this.stamp) {
      this.stamp = stamp;
      this.#sameStamp = 0;
      this.#skip = 0;
      this.#repeats = false;
    }
    if (stamp === this.stamp) this.#sameStamp++;
    return !this.#repeats || this.#sameStamp > this.#skip;
  }
}

/** Splits `2026-11-23T14:02:58.123456789Z text`; null for a line without a stamp. */
export function stamped(line: string): { stamp: string; at: number; text: string } | null {
  const space = line.indexOf(' ');
  const stamp = space < 0 ? line : line.slice(0, space);
  const at = Date.parse(stamp);
  if (Number.isNaN(at) || !/^\d{4}-\d\d-\d\dT/.test(stamp)) return null;
  return { stamp: normal(stamp), at, text: space < 0 ? '' : line.slice(space + 1) };
}

/** Go leaves trailing zeros out (RFC3339Nano), so that stamps of one second sort wrongly as they are. */
function normal(stamp: string): string {
  const [, seconds = '', fraction = ''] = /^([^.Z+]+)(?:\.(\d+))?/.exec(stamp) ?? [];
  return `${seconds}.${fraction.padEnd(9, '0')}Z`;
}
