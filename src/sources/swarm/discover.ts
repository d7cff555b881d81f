import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { ApiInfo } from './api.ts';
import { resolveEndpoint } from './endpoint.ts';
import { type Engine, openEngine } from './engine.ts';
import { explain } from './failure.ts';
import type { SwarmOptions } from './options.ts';
import { words } from './read.ts';

/** What is found where the options, or without any the docker command's own settings, point. */
export interface SwarmProbe {
  /** As DOCKER_HOST has it; null when not even an address could be found. */
  address: string | null;
  /** What named it: "DOCKER_HOST", "docker context prod", "the default socket". */
  from: string | null;
  /** An engine answered in time. */
  answers: boolean;
  /** It belongs to a swarm; `manager`: and can tell of it. null: not known. */
  swarm: boolean | null;
  manager: boolean | null;
  /** The host's name as the engine has it. */
  name: string | null;
  softwareVersion: string | null;
  /** Why it does not answer, or is no manager of a swarm. */
  trouble: Trouble | null;
}

const WHAT = 'look for a swarm';

/** Asks an engine who it is. Never rejects, and resolves by the deadline. */
export async function probeSwarm(
  options: Omit<SwarmOptions, 'kind'>,
  { deadlineMs = 3_000, signal = new AbortController().signal } = {},
): Promise<SwarmProbe> {
  const found: SwarmProbe = {
    address: null,
    from: null,
    answers: false,
    swarm: null,
    manager: null,
    name: null,
    softwareVersion: null,
    trouble: null,
  };
  let engine: Engine | null = null;
  try {
    const endpoint = await resolveEndpoint({ ...options, kind: 'swarm' });
    found.address = endpoint.address;
    found.from = endpoint.from;
    engine = await openEngine(endpoint, () => {});
    const info = (await engine.get('/info', {}, { deadlineMs, signal })) as ApiInfo | null;
    found.answers = true;
    found.name = words(info?.Name);
    found.softwareVersion = words(info?.ServerVersion);
    const state = info?.Swarm?.LocalNodeState;
    if (state !== undefined) found.swarm = state !== 'inactive';
    found.manager = info?.Swarm?.ControlAvailable ?? null;
    found.trouble = troubleOf(info, endpoint.address);
  } catch (error) {
    const { trouble, manner } = explain(error, WHAT, found.address ?? printable(options.host ?? 'this machine'));
    found.answers = manner === 'failed' || manner === 'forbidden';
    found.trouble = trouble;
  } finally {
    engine?.close();
  }
  return found;
}

function troubleOf(info: ApiInfo | null, on: string): Trouble | null {
  const { LocalNodeState: state, ControlAvailable: manager, Error: error } = info?.Swarm ?? {};
  const tell = (why: string, fix: string | null): Trouble => ({ what: WHAT, on, why, fix });
  if (state === 'active' && manager) return error ? tell(printable(maskText(error)), null) : null;
  if (state === 'active') return tell('it is a worker of a swarm, and only managers can tell of it', 'name a manager');
  if (state === 'locked') return tell('its swarm is locked', 'docker swarm unlock');
  if (state === 'inactive') return tell('it belongs to no swarm', null);
  return tell(error ? printable(maskText(error)) : `its swarm is in state ${printable(state ?? 'unknown')}`, null);
}
