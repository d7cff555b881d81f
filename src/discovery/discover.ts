import { hostname } from 'node:os';
import { printable } from '../model/printable.ts';
import { orAbort } from '../sources/pulse.ts';
import { why } from '../sources/why.ts';
import { findCephfs } from './files.ts';
import type { Environment, Findings, Found } from './found.ts';
import { findKubernetes } from './kubernetes.ts';
import { findPostgres } from './postgres.ts';
import { findSwarm } from './swarm.ts';

export interface DiscoverOptions {
  env?: Environment;
  /** Milliseconds for what has to be asked. */
  deadlineMs?: number;
  /** For tests: the kernel's list of mounts. */
  mountinfo?: string;
}

/** A home on a file server that is gone must not hang the start. Files on a disk are there at once. */
const FILES_MS = 10_000;

/**
 * What there is on this machine to be watched: kubeconfig contexts, a swarm's engine, PostgreSQL servers in the
 * environment, CephFS mounts, and the machine itself, in this order. Never rejects. Only the engine is asked anything,
 * after the rest: loading code keeps this process busy, and must not look like an engine that is silent.
 */
export async function discover({
  env = process.env,
  deadlineMs = 1_500,
  mountinfo,
}: DiscoverOptions = {}): Promise<Findings> {
  const [kubernetes, postgres, cephfs] = await Promise.all([
    search('kubeconfig', () => findKubernetes(env)),
    search('PostgreSQL variables', async () => findPostgres(env)),
    search('CephFS mounts', () => findCephfs(mountinfo)),
  ]);
  const swarm = await search('Docker engine', () => findSwarm(env, deadlineMs));
  const all = [kubernetes, swarm, postgres, cephfs];
  return {
    found: uniquelyNamed([...all.flatMap(({ found }) => found), thisMachine()]),
    passed: all.flatMap(({ passed }) => passed),
  };
}

async function search(what: string, find: () => Promise<Findings>): Promise<Findings> {
  const end = AbortSignal.timeout(FILES_MS);
  try {
    return await orAbort(find(), end);
  } catch (error) {
    return { found: [], passed: [`${what}: ${end.aborted ? `no answer within ${FILES_MS / 1000} s` : why(error)}`] };
  }
}

function thisMachine(): Found {
  return {
    kind: 'host',
    name: 'host',
    title: `this machine, ${printable(hostname())}`,
    note: null,
    options: { kind: 'host' },
    isDefault: true,
  };
}

/** Names that can stand in ids and in a profile, each once. */
function uniquelyNamed(found: Found[]): Found[] {
  const taken = new Set<string>();
  return found.map(one => {
    const wanted = one.name.replace(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || one.kind;
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
    taken.add(name);
    return { ...one, name };
  });
}
