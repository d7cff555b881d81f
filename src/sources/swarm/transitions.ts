import type { Happening } from '../../model/event.ts';
import { type CrashLedger, isLoop, lastWords } from './crash-ledger.ts';
import type { SeenNode } from './nodes.ts';
import { lostNode, type Sight } from './replicas.ts';
import type { Service } from './service.ts';
import { hasEnded, type Task } from './task.ts';

/** What happened between two complete lists of nodes. Nothing is told of a first list. */
export function nodeChanges(
  before: ReadonlyMap<string, SeenNode>,
  after: ReadonlyMap<string, SeenNode>,
  now: number,
): Happening[] {
  return [...after].flatMap(([uid, node]) => {
    const old = before.get(uid);
    if (!old) return [];
    const told: Happening[] = [];
    const tell = (reason: string, message: string, severity: Happening['severity']) =>
      told.push({
        key: `${node.id}/${reason}/${message}`,
        at: now,
        severity,
        source: node.source,
        about: node.id,
        subject: `node/${node.name}`,
        reason,
        message,
      });
    if (old.state !== node.state) {
      const why = node.stateReason ? `: ${node.stateReason}` : '';
      tell(
        node.state,
        `${old.state} → ${node.state}${why}`,
        node.ready ? 'info' : node.ready === null ? 'warn' : 'bad',
      );
    }
    if (!old.leader && node.leader) tell('leader', 'is the leader of the managers now', 'info');
    const unreachable = node.pressures[0];
    if (unreachable && old.pressures.length === 0) tell('unreachable', unreachable, 'bad');
    return told;
  });
}

interface Teller {
  source: string;
  now: number;
  /** The first list: what the engine still remembers is told as one line, with its count. */
  first: boolean;
}

/** Tasks that died: one key for all that a service's tasks die of in the same words, so that the feed counts them. */
export function deathsTold(
  deaths: readonly Task[],
  services: ReadonlyMap<string, Service>,
  ledger: CrashLedger,
  { source, now, first }: Teller,
): Happening[] {
  const told = new Map<string, Happening>();
  const single: Happening[] = [];
  for (const task of deaths) {
    const service = services.get(task.service);
    if (!service) continue;
    const message = lastWords(task);
    const record = ledger.of(task);
    const happening: Happening = {
      key: `${service.id}/task/${task.state}/${message}`,
      at: task.at ?? now,
      severity: record && isLoop(record, now) ? 'bad' : 'warn',
      source,
      about: service.id,
      subject: `service/${service.name}`,
      reason: task.state === 'complete' ? 'ended' : task.state,
      message,
    };
    single.push(happening);
    told.set(happening.key, { ...happening, count: (told.get(happening.key)?.count ?? 0) + 1 });
  }
  return first ? [...told.values()] : single;
}

/**
 * Tasks that went down with their nodes: they never say so themselves.
 *
 * @param known ids that were told
 * @returns what is new, and all that are lost now
 */
export function lossesTold(
  tasks: readonly Task[],
  services: ReadonlyMap<string, Service>,
  sight: Sight,
  known: ReadonlySet<string>,
): { happenings: Happening[]; lost: Set<string> } {
  const lost = new Set<string>();
  const happenings: Happening[] = [];
  for (const task of tasks) {
    const service = services.get(task.service);
    const node = task.node && sight.nodes?.get(task.node);
    // A node that is only unknown, for moments after a change of leaders, has lost nothing yet.
    if (!service || !node || node.ready !== false || hasEnded(task)) continue;
    lost.add(task.id);
    if (known.has(task.id)) continue;
    happenings.push({
      key: `${service.id}/lost/${node.id}`,
      at: node.stateSince ?? sight.now,
      severity: 'warn',
      source: sight.source,
      about: service.id,
      subject: `service/${service.name}`,
      reason: 'lost',
      message: `${service.name}.${task.slot ?? node.name}: ${lostNode(task, sight)}`,
    });
  }
  return { happenings, lost };
}
