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
  /** Milliseconds for all of it together. */
  deadlineMs?: number;
  /** For tests: the kernel's list of mounts. */
  mountinfo?: string;
}

/**
 * What there is on this machine to be watched: kubeconfig contexts, a swarm's engine, PostgreSQL servers in the
 * environment, CephFS mounts, and the machine itself, in this order. Never rejects and never takes longer than its
 * deadline: what does not answer is told among what was passed over.
 */
export async function discover({
  env = process.env,
  deadlineMs = 1_500,
  mountinfo,
}: DiscoverOptions = {}): Promise<Findings> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const searches: [what: string, search: () => Promise<Findings> | Findings][] = [
    ['kubeconfig', () => findKubernetes(env)],
    // Less than the whole, so that a silent engine is told as one that is there.
    ['Docker engine', () => findSwarm(env, deadlineMs * 0.8, deadline)],
    ['PostgreSQL variables', () => findPostgres(env)],
    ['CephFS mounts', () => findCephfs(mountinfo)],
  ];
  const all = await Promise.all(
    searches.map(async ([what, search]): Promise<Findings> => {
      try {
        return await orAbort(Promise.resolve().then(search), deadline);
      } catch (error) {
        const reason = deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : why(error);
        return { found: [], passed: [`${what}: ${reason}`] };
      }
    }),
  );
  return {
    found: uniquelyNamed([...all.flatMap(({ found }) => found), thisMachine()]),
    passed: all.flatMap(({ passed }) => passed),
  };
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
