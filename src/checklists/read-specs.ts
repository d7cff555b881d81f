import type { Fleet } from '../fleet/fleet.ts';
import type { Spec } from '../sources/spec.ts';
import { why } from '../sources/why.ts';
import type { Specs } from './checklist.ts';

/** Probes of one run ask at about the same time; somebody who runs an item again wants what is there now. */
const KEPT_MS = 30_000;
const DEADLINE_MS = 60_000;

/** Reads the specifications of every source that has such, once for all that ask within half a minute. */
export function specsReader(fleet: Fleet): () => Promise<Specs> {
  let kept: { at: number; specs: Promise<Specs> } | null = null;
  return () => {
    const now = performance.now();
    if (!kept || now - kept.at > KEPT_MS) kept = { at: now, specs: readAll(fleet) };
    return kept.specs;
  };
}

async function readAll(fleet: Fleet): Promise<Specs> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const by = new Map<string, Spec>();
  const failures: Specs['failures'] = [];
  const all = fleet.sources().map(async ({ name }) => {
    const source = fleet.source(name);
    if (!source?.specs) return;
    try {
      for (const spec of await source.specs(namespacesOf(fleet, name), signal)) by.set(spec.workload, spec);
    } catch (error) {
      failures.push({ source: name, why: signal.aborted ? 'no answer in time' : why(error) });
    }
  });
  await Promise.all(all);
  return { by, failures };
}

/** Where its workloads are. */
export function namespacesOf(fleet: Fleet, source: string): string[] {
  const own = [...fleet.all('workload').values()].filter(workload => workload.source === source);
  return [...new Set(own.flatMap(({ namespace }) => namespace ?? []))];
}
