import { stat } from 'node:fs/promises';
import { printable } from '../model/printable.ts';
import { sentence, TroubleError } from '../model/trouble.ts';
import { type Endpoint, resolveEndpoint } from '../sources/swarm/endpoint.ts';
import { openEngine } from '../sources/swarm/engine.ts';
import { why } from '../sources/why.ts';
import type { Environment, Findings, Found } from './found.ts';

/**
 * The engine that the docker command would take, where it belongs to a swarm. One that does not answer in time counts as
 * one that is there: a lost swarm is no absent one. The clock runs from the question on, not while code is loaded.
 */
export async function findSwarm(env: Environment, deadlineMs: number): Promise<Findings> {
  let endpoint: Endpoint;
  try {
    endpoint = await resolveEndpoint({ kind: 'swarm' }, env);
  } catch (error) {
    if (error instanceof TroubleError) return { found: [], passed: [sentence(error.trouble)] };
    throw error;
  }
  if (endpoint.reach.via === 'unix' && !(await isThere(endpoint.reach.path)) && isUnnamed(endpoint)) return NOTHING;
  // To ask over ssh would take a login, which is not asked for lightly.
  if (endpoint.reach.via === 'ssh') return { found: [toFound(endpoint, 'by ssh, not asked yet')], passed: [] };
  return ask(endpoint, deadlineMs);
}

const NOTHING: Findings = { found: [], passed: [] };

async function ask(endpoint: Endpoint, deadlineMs: number): Promise<Findings> {
  const engine = await openEngine(endpoint, () => {});
  const { signal } = new AbortController();
  try {
    const info = (await engine.get('/info', {}, { deadlineMs, signal })) as Info;
    const { LocalNodeState: state, ControlAvailable: isManager, Nodes: nodes } = info.Swarm ?? {};
    if (state !== 'active') return passed(endpoint, 'belongs to no swarm');
    if (!isManager) return passed(endpoint, 'is a worker of its swarm, which only a manager can tell about');
    return { found: [toFound(endpoint, nodes ? `${nodes} nodes` : null)], passed: [] };
  } catch (error) {
    const reason = isTimeout(error) ? 'no answer' : why(error);
    // Not this user's engine: nobody named it, and it may belong to no swarm.
    if (/EACCES|permission denied|not allowed/i.test(reason) && isUnnamed(endpoint)) return passed(endpoint, reason);
    return { found: [toFound(endpoint, reason)], passed: [] };
  } finally {
    engine.close();
  }
}

interface Info {
  Swarm?: { LocalNodeState?: string; ControlAvailable?: boolean; Nodes?: number };
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';
const isUnnamed = ({ from }: Endpoint): boolean => from === 'the default socket';

function passed({ address }: Endpoint, reason: string): Findings {
  return { found: [], passed: [`the Docker engine at ${printable(address)} ${reason}`] };
}

function toFound(endpoint: Endpoint, note: string | null): Found {
  const context = /^docker context (.+)$/.exec(endpoint.from)?.[1];
  return {
    kind: 'swarm',
    name: 'swarm',
    title: `Docker Swarm at ${printable(endpoint.address)}`,
    note: [endpoint.from, note].filter(Boolean).join(' · '),
    options: { kind: 'swarm', ...(context === undefined ? { host: endpoint.address } : { context }) },
    isDefault: true,
  };
}

/** A socket is asked for by stat only; it does not hang. */
async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
