import type { Node, Replica } from '../entity.ts';
import type { Thresholds } from '../thresholds.ts';
import { bad, busy, OK, off, unknown, type Verdict, warn } from './verdict.ts';

/** States that do not mend themselves by waiting. */
const FAILED =
  /BackOff|^Err|Error$|^Error|OOMKilled|Invalid|^Failed$|^failed$|^rejected$|^orphaned$|Evicted|ContainerStatusUnknown|^StartError|Unknown$|ExitCode:|Signal:|ErrImagePull/;
const RUNNING = /^running$/i;

/**
 * @param node the node that it was given to, when that is known
 * @param now milliseconds since 1970
 */
export function judgeReplica(replica: Replica, node: Node | undefined, limits: Thresholds, now: number): Verdict {
  if (replica.wanted === 'gone') return off(replica.message ?? replica.state);
  if (replica.wanted === 'completed') return FAILED.test(replica.state) ? bad(inWords(replica)) : OK;
  if (FAILED.test(replica.state)) return bad(inWords(replica));
  // The last word of a replica on a lost node is "running": the node knows better.
  if (node?.ready === false) return bad(`${node.name} is ${node.state}; the last word of this was ${replica.state}`);
  if (node && node.ready === null)
    return unknown(`${node.name} does not report; the last word of this was ${replica.state}`);
  if (replica.ready) return judgeRestarts(replica, limits, now);
  // Between two crashes a container runs for a moment: the loop is no better for that.
  if (isLooping(replica, limits, now)) return bad(loopInWords(replica, now));
  if (RUNNING.test(replica.state)) {
    return isNew(replica, limits, now) ? busy('starting') : warn(replica.message ?? 'runs, but is not ready');
  }
  if (replica.message) return warn(inWords(replica));
  return isNew(replica, limits, now) ? busy(replica.state) : warn(`${replica.state} for a long time`);
}

function judgeRestarts(replica: Replica, limits: Thresholds, now: number): Verdict {
  const { restarts, lastRestartAt } = replica;
  if (!restarts || lastRestartAt === null) return OK;
  const recent = now - lastRestartAt < limits.restartWarnMinutes * 60_000;
  return recent ? warn(`restarted ${minutesAgo(lastRestartAt, now)}, ${restarts} in all`) : OK;
}

const LOOP_RESTARTS = 3;

function isLooping({ restarts, lastRestartAt }: Replica, limits: Thresholds, now: number): boolean {
  const recent = lastRestartAt !== null && now - lastRestartAt < limits.restartWarnMinutes * 60_000;
  return recent && (restarts ?? 0) >= LOOP_RESTARTS;
}

function loopInWords({ restarts, lastRestartAt, exitCode, message }: Replica, now: number): string {
  const exit = exitCode === null ? '' : `, exit ${exitCode}`;
  return `keeps crashing: ${restarts} restarts, the last ${minutesAgo(lastRestartAt ?? now, now)}${exit}${message ? `; ${message}` : ''}`;
}

function minutesAgo(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  return minutes < 1 ? 'less than a minute ago' : `${minutes} min ago`;
}

function isNew(replica: Replica, limits: Thresholds, now: number): boolean {
  const since = replica.startedAt ?? replica.createdAt;
  return since !== null && now - since < limits.startWarnSeconds * 1000;
}

function inWords({ state, message, exitCode }: Replica): string {
  if (message) return `${state}: ${message}`;
  return exitCode ? `${state}: exit ${exitCode}` : state;
}
