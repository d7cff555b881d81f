import { PACE, type Pace } from './agenda.ts';

/** All waits of the source, milliseconds. */
export interface Timing {
  pace: Pace;
  /** How often each list is asked in its turn. */
  servicesMs: number;
  tasksMs: number;
  /** While not all is as it should be. */
  tasksUnsettledMs: number;
  /** For a while after something moved: a rollout, a drain, a lost node. */
  tasksMovingMs: number;
  movingMs: number;
  /** While nobody looks at them. */
  tasksUnseenMs: number;
  /** Then also what moved makes them be asked so often at most: the counts of services come from them. */
  tasksUnseenGapMs: number;
  nodesMs: number;
  networksMs: number;
  pingDeadlineMs: number;
  listDeadlineMs: number;
  /** When the swarm itself owes an answer for so long, an engine that answers pings does not count as live. */
  hungMs: number;
  /** A stream of events that is silent for so long is opened anew. */
  streamSilentMs: number;
  /** What several events in a row make worth asking is asked once. */
  settleMs: number;
  reconnect: { baseMs: number; limitMs: number };
}

export const TIMING: Timing = {
  pace: PACE,
  servicesMs: 6_000,
  tasksMs: 30_000,
  tasksUnsettledMs: 6_000,
  tasksMovingMs: 2_500,
  movingMs: 20_000,
  tasksUnseenMs: 60_000,
  tasksUnseenGapMs: 12_000,
  nodesMs: 15_000,
  networksMs: 60_000,
  pingDeadlineMs: 4_000,
  listDeadlineMs: 20_000,
  hungMs: 6_000,
  streamSilentMs: 10 * 60_000,
  settleMs: 150,
  reconnect: { baseMs: 300, limitMs: 5_000 },
};
