import type { Fleet } from '../fleet/fleet.ts';
import type { Noun, Pool, Replica } from '../model/entity.ts';
import type { Trends } from '../trends/trends.ts';
import { fullWords } from '../trends/words.ts';
import type { Line } from './list.ts';
import { byHealthThenName } from './row-order.ts';

export interface UnderOptions {
  /** Whether the replicas of a workload that are not well stand under it. */
  replicas: boolean;
  fleet: Fleet;
  trends?: Trends | undefined;
}

/** What will be full within so long is said under its row. */
const SOON_MS = 2 * 3_600_000;

/** The lines under a row: why it is not well, and which of its replicas are not. None under what is well. */
export function linesUnder(noun: Noun, { replicas, fleet, trends }: UnderOptions): readonly Line[] {
  const soon = noun.kind === 'pool' ? fullSoon(noun, trends) : null;
  if (!isTold(noun) && !soon) return NONE;
  const lines: Line[] = [];
  const health = isTold(noun) ? noun.health : 'warn';
  const text = [isTold(noun) ? noun.reason : null, soon].filter(Boolean).join(' · ');
  if (text) lines.push({ type: 'note', id: noun.id, text, health, depth: 0 });
  if (noun.kind === 'workload' && replicas) lines.push(...replicaLines(noun.id, noun.reason, fleet));
  return lines;
}

function fullSoon({ id }: Pool, trends: Trends | undefined): string | null {
  const full = trends?.outlook({ id, metric: 'connections' })?.full;
  return full && full.inMs <= SOON_MS ? `connections ${fullWords(full)}` : null;
}

/** Whether a row has a reason that nobody should have to open it for. */
export function isTold(noun: Noun): boolean {
  return noun.health === 'bad' || noun.health === 'warn' || (noun.health === 'unknown' && noun.reason !== null);
}

/** Ended tasks of a slot and deleted pods are history: they are told in the details. */
export function isCurrent(replica: Replica): boolean {
  return replica.wanted !== 'gone' || replica.health === 'busy' || replica.system === 'kubernetes';
}

const NONE: readonly Line[] = [];
/** How many replicas that are not well stand under their workload; the rest is a count. */
const REPLICAS_SHOWN = 3;

/** A sole replica has nothing to add to what its workload's own line says. */
function replicaLines(workload: string, told: string | null, fleet: Fleet): Line[] {
  const current = fleet.replicasOf(workload).filter(isCurrent);
  const unwell = current.filter(isTold).sort(byHealthThenName);
  if (current.length === 1 && unwell.every(replica => isSaid(replica, told))) return [];
  const lines = unwell.slice(0, REPLICAS_SHOWN).flatMap((replica): Line[] => {
    const row: Line = { type: 'noun', id: replica.id, noun: replica, depth: 1 };
    if (!replica.reason || isSaid(replica, told)) return [row];
    return [row, { type: 'note', id: replica.id, text: replica.reason, health: replica.health, depth: 1 }];
  });
  const more = unwell.length - REPLICAS_SHOWN;
  if (more > 0) lines.push({ type: 'note', id: workload, text: `and ${more} more`, health: 'unknown', depth: 1 });
  return lines;
}

/** Whether what is told of the workload says why the replica is not well. */
function isSaid({ reason }: Replica, told: string | null): boolean {
  return reason === null || (told?.includes(reason) ?? false);
}
