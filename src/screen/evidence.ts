import type { Kind, Noun, Replica } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';
import type { Thresholds } from '../model/thresholds.ts';
import type { ColumnContext } from './columns/column.ts';
import { type DocLine, fact, GAP, title } from './document.ts';
import { asKnown, factsOf, moment, NO_LIMIT } from './facts.ts';

const REPLICAS_SHOWN = 3;

/** By what a noun was judged: the facts that count, each with the threshold that it is held against. */
export function evidenceOf(noun: Noun, context: ColumnContext): DocLine[] {
  const lines = [...judged(noun, context), ...(noun.kind === 'workload' ? ofReplicas(noun.id, context) : [])];
  return lines.length === 0 ? [] : [GAP, title('Judged by'), ...lines];
}

/** Since when it is as it is: what the system says itself, else the first event that told of it. Null: nobody knows. */
export function sinceWhen(noun: Noun, told: readonly FeedEvent[], context: ColumnContext): DocLine | null {
  const found = stateSince(noun) ?? firstTold(told);
  return found && fact('since', `${moment(found.at, asKnown(noun, context))}, ${found.by}`);
}

type Limit = (limits: Thresholds) => string;

const quota: Limit = limits => over(limits.quotaWarnPercent, limits.quotaBadPercent, '%');
const memory: Limit = limits => over(limits.nodeMemoryWarnPercent, limits.nodeMemoryBadPercent, '%');
const disk: Limit = limits => over(limits.diskWarnPercent, limits.diskBadPercent, '%');
const connections: Limit = limits => over(limits.poolConnectionsWarnPercent, limits.poolConnectionsBadPercent, '%');
const latency: Limit = limits => over(limits.latencyWarnMs, null, 'ms');
const lastRestart: Limit = limits => `worth a word for ${limits.restartWarnMinutes} min`;
const started: Limit = limits => `may take ${limits.startWarnSeconds} s to be ready`;
const backupAge: Limit = limits => over(limits.backupAgeWarnHours, null, 'h');
const sameCount: Limit = () => 'all three should be one number';
const none: Limit = () => '';

const over = (warnAt: number, badAt: number | null, unit: string) =>
  `warns from ${warnAt} ${unit}${badAt === null ? '' : `, bad from ${badAt} ${unit}`}`;

/** The facts by which each kind is judged (src/model/health), by their labels. */
const JUDGED: Record<Kind, Readonly<Record<string, Limit>>> = {
  node: { state: none, pressures: none, memory, disk },
  host: { memory, disk },
  workload: { ready: none, restarts: none, rollout: none, failed: none, message: none },
  replica: {
    state: none,
    ready: none,
    restarts: none,
    'last restart': lastRestart,
    started,
    'exit code': none,
    message: none,
  },
  pool: {
    conn: connections,
    recorded: none,
    assigned: none,
    'really there': sameCount,
    missing: none,
    'not recorded': none,
    check: latency,
    down: none,
    status: none,
  },
  directory: { used: none, quota: none, '%': quota, entries: none, 'file quota': quota },
  storage: { status: none, bad: none, warn: none, muted: none, osd: none, mds: none, 'mds laggy': none, manager: none },
  instance: { status: none, billing: none, provisioning: none, error: none },
  backup: { taken: none, dump: none, data: none, age: backupAge },
  check: { status: none, answer: latency, failure: none },
  service: { endpoints: none },
  claim: { state: none },
  database: {},
  network: {},
  route: {},
  object: {},
};

function judged(noun: Noun, context: ColumnContext): DocLine[] {
  const limitOf = JUDGED[noun.kind];
  return factsOf(noun, context).flatMap(([label, value]) => {
    if (value === '' || !Object.hasOwn(limitOf, label)) return [];
    const limit = value !== NO_LIMIT && limitOf[label]?.(context.fleet.limits);
    return [fact(label, limit ? `${value}  (${limit})` : value)];
  });
}

/** The newest replicas in their own words: what they died of, and when. */
function ofReplicas(workload: string, context: ColumnContext): DocLine[] {
  const newest = context.fleet
    .replicasOf(workload)
    .filter(isTold)
    .sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))
    .slice(0, REPLICAS_SHOWN);
  return newest.flatMap(replica => [
    { text: replica.name, tone: replica.health, link: replica.id },
    ...judged(replica, context).map(line => ({ ...line, text: `  ${line.text}`, indent: (line.indent ?? 0) + 2 })),
  ]);
}

const isTold = ({ health, message, exitCode }: Replica) =>
  health === 'bad' || health === 'warn' || (health !== 'ok' && (message !== null || exitCode !== null));

interface Since {
  at: number;
  by: string;
}

function stateSince(noun: Noun): Since | null {
  if (noun.kind === 'node' && noun.stateSince !== null) return { at: noun.stateSince, by: 'as the system says' };
  if (noun.kind === 'replica' && noun.lastRestartAt !== null) return { at: noun.lastRestartAt, by: 'its last restart' };
  if (noun.kind === 'workload' && noun.rollout?.since) return { at: noun.rollout.since, by: 'its rollout' };
  return null;
}

function firstTold(told: readonly FeedEvent[]): Since | null {
  // What is told of it when all is well, such as of a rollout an hour ago, is not the begin of its trouble.
  const troubles = told.filter(({ severity }) => severity !== 'info');
  if (troubles.length === 0) return null;
  return { at: Math.min(...troubles.map(({ firstAt }) => firstAt)), by: 'the first event that tells of it' };
}
