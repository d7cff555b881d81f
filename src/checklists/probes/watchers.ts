import { parseFilter } from '../../filter/filter.ts';
import { fieldContext } from '../../fleet/field-context.ts';
import type { Finding } from '../../model/checklist-run.ts';
import type { Workload } from '../../model/entity.ts';
import { age } from '../../text/format.ts';
import { parseDuration } from '../../text/quantity.ts';
import type { Means, Probe } from '../checklist.ts';
import { about, finding } from '../finding.ts';
import { readLogs } from '../read-logs.ts';
import { services } from './workloads.ts';

type Watcher = Means['settings']['watchers'][number];

/** The platform's own monitoring is alive: one of its workloads has said lately that it watches. */
export const watchers: Probe = {
  name: "the platform's own monitoring",
  needs: ['workload', 'replica'],
  async look(means) {
    const all = await Promise.all(means.settings.watchers.map(watcher => lookAt(watcher, means)));
    return {
      findings: all.flatMap(one => ('finding' in one ? [one.finding] : [])),
      facts: all.flatMap(one => ('fact' in one ? [one.fact] : [])),
    };
  },
};

async function lookAt(watcher: Watcher, means: Means): Promise<{ finding: Finding } | { fact: string }> {
  const { fleet, settings, signal } = means;
  const isMeant = parseFilter(watcher.workload, fieldContext(fleet));
  const found = services(means).filter(workload => workload.health !== 'off' && isMeant.test(workload));
  const [first] = found;
  if (!first)
    return { finding: finding(watcher.workload, 'unknown', 'no such workload runs: nobody can tell that it watches') };
  const sinceSeconds = parseDuration(watcher.within) ?? 0;
  const says = new RegExp(watcher.says);
  let last: { at: number; text: string } | null = null;
  const read = await readLogs(
    fleet,
    found.flatMap(({ id }) => fleet.replicasOf(id)).filter(({ wanted }) => wanted === 'running'),
    {
      lines: settings.logLines,
      sinceSeconds,
      take: (_, text, at) => {
        if (at !== null && says.test(text) && at > (last?.at ?? 0)) last = { at, text };
      },
    },
    signal,
  );
  const heard = last as { at: number; text: string } | null;
  if (heard) return { fact: `${first.name} watches, said ${age(fleet.now() - heard.at)} ago` };
  const failure = read.find(({ failure }) => failure !== null)?.failure;
  if (failure) return { finding: about(first, { health: 'unknown', reason: `its log cannot be read: ${failure}` }) };
  return {
    finding: silent(
      first,
      watcher,
      read.some(({ cut }) => cut),
      settings.logLines,
    ),
  };
}

function silent(workload: Workload, { says, within }: Watcher, cut: boolean, lines: number): Finding {
  if (cut) {
    const reason = `"${says}" is not among its last ${lines} lines, which do not reach back ${within}`;
    return about(workload, { health: 'unknown', reason });
  }
  return about(workload, {
    health: 'bad',
    reason: `has not said "${says}" for ${within}: it may have ceased to watch`,
  });
}
