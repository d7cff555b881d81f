import type { Client } from '../sources/client.ts';
import type { ApiNode } from '../sources/swarm/api.ts';

/** The managers of a swarm, and how many of them can be lost. */
export interface Managers {
  all: number;
  /** Those that vote and are heard. */
  reachable: number;
  leader: string | null;
}

export async function managersOf(client: Client, signal: AbortSignal): Promise<Managers> {
  const filters = encodeURIComponent(JSON.stringify({ role: ['manager'] }));
  const nodes = (await client.get(`/nodes?filters=${filters}`, signal)) as ApiNode[];
  return {
    all: nodes.length,
    reachable: nodes.filter(isReachable).length,
    leader: nodes.find(({ ManagerStatus }) => ManagerStatus?.Leader)?.ID ?? null,
  };
}

export function isReachable({ ManagerStatus }: ApiNode): boolean {
  return ManagerStatus?.Reachability === 'reachable';
}

/** More than half of all must be heard, or nothing in the swarm can be changed any more (Raft). */
export function majority(all: number): number {
  return Math.floor(all / 2) + 1;
}

/** "3 managers, 1 may be lost" */
export function tolerance(all: number): string {
  const spare = all - majority(all);
  return `${all} ${all === 1 ? 'manager' : 'managers'}, ${spare === 0 ? 'none' : spare} may be lost`;
}
