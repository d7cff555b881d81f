import { PACE, type Pace } from './agenda.ts';

/** All waits of the source, milliseconds. */
export interface Timing {
  pace: Pace;
  /** How often each list is asked in its turn. */
  servicesMs: number;
  /** All tasks: at least so long between two askings, and so long for each task that there is. */
  tasksMs: number;
  eachTaskMs: number;
  /** The tasks of services that have moved lately, and of those that have just moved. */
  restlessMs: number;
  movingMs: number;
  /** How long a service counts as one that has just moved, and as one that has moved lately: what died will die again. */
  movedMs: number;
  latelyMs: number;
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
  eachTaskMs: 20,
  restlessMs: 6_000,
  movingMs: 2_500,
  movedMs: 20_000,
  latelyMs: 120_000,
  nodesMs: 15_000,
  networksMs: 60_000,
  pingDeadlineMs: 4_000,
  listDeadlineMs: 20_000,
  hungMs: 6_000,
  streamSilentMs: 10 * 60_000,
  settleMs: 150,
  reconnect: { baseMs: 300, limitMs: 5_000 },
};
