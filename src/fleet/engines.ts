import type { Node } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import { type Trouble, TroubleError } from '../model/trouble.ts';
import type { Finding } from './examine.ts';
import type { Fleet } from './fleet.ts';
import { isNotLive } from './gaps.ts';

/** For all of them together: each has a deadline of its own. */
const DEADLINE_MS = 10_000;

/**
 * Whether the engine of each node of a swarm is reached: shells, prune and what else is about the containers of one
 * machine need it. Never rejects.
 */
export async function examineEngines(fleet: Fleet, signal: AbortSignal): Promise<Finding[]> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  const live = new Set(fleet.sources().flatMap(source => (isNotLive(source) ? [] : source.name)));
  const nodes = [...fleet.all('node').values()].filter(
    ({ source }) => live.has(source) && fleet.source(source)?.engine,
  );
  const asked = await Promise.all(nodes.map(async node => ({ node, trouble: await unreached(node, fleet, within) })));
  const reached = asked.filter(({ trouble }) => trouble === null).map(({ node }) => node.name);
  return [
    ...(reached.length > 0
      ? [{ severity: 'ok' as const, what: 'engines of nodes', why: `reached: ${reached.sort().join(', ')}`, fix: null }]
      : []),
    ...asked.flatMap(({ node: { source, name, ready }, trouble }): Finding[] => {
      if (trouble === null) return [];
      // What nobody has set up could be added; of a node that is down nobody expects an answer.
      const severity = trouble.fix !== null || ready === false ? 'ok' : 'warn';
      return [{ severity, what: `${source}: engine of ${name} not reached`, why: trouble.why, fix: trouble.fix }];
    }),
  ];
}

async function unreached(node: Node, fleet: Fleet, signal: AbortSignal): Promise<Pick<Trouble, 'why' | 'fix'> | null> {
  try {
    await fleet.source(node.source)?.engine?.(node, signal);
    return null;
  } catch (error) {
    if (error instanceof TroubleError) return error.trouble;
    return { why: printable(error instanceof Error ? error.message : String(error)), fix: null };
  }
}
