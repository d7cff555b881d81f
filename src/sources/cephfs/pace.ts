/** Milliseconds. */
export interface Pace {
  /** From the end of one proof of life to the next, and how long one may take. */
  probeEveryMs: number;
  probeDeadlineMs: number;
  /** How long one batch of a reading may take. */
  readDeadlineMs: number;
  directoriesEveryMs: number;
  /** Quotas change by an operator's hand: asking for them each time would be half of the work for nothing. */
  quotasEveryMs: number;
  backupsEveryMs: number;
  clusterEveryMs: number;
}

/** @param remote a connection has to be made first; its loss is told within ten seconds all the same */
export function usualPace(everySeconds: number, remote: boolean): Pace {
  return {
    probeEveryMs: 3_000,
    probeDeadlineMs: remote ? 6_000 : 4_000,
    readDeadlineMs: 20_000,
    directoriesEveryMs: everySeconds * 1_000,
    quotasEveryMs: 60_000,
    backupsEveryMs: 60_000,
    clusterEveryMs: everySeconds * 1_000,
  };
}
