import { isCalled } from '../../model/called.ts';
import type { Finding } from '../../model/checklist-run.ts';
import { counted } from '../../text/format.ts';
import type { Means, Probe } from '../checklist.ts';
import { finding } from '../finding.ts';
import { meant } from './specifications.ts';

/** What the profile names and is not there any more: workloads, stacks, directories. */
export const vanished: Probe = {
  name: 'entries of the profile',
  needs: ['workload'],
  look(means) {
    const { fleet } = means;
    const entries = entriesOf(means);
    const missing = fleet
      .sources()
      .flatMap(({ name }) => (fleet.source(name)?.missing?.() ?? []).map(words => gone(`sources.${name}`, words)));
    const empty = entries.filter(({ isThere }) => !isThere).map(({ entry, words }) => gone(entry, words));
    return {
      findings: [...empty, ...missing],
      facts: [
        `${entries.length - empty.length} of ${counted(entries.length, 'entry', 'entries')} of the profile are there`,
      ],
    };
  },
};

const gone = (entry: string, words: string): Finding => finding(entry, 'warn', words);

interface Entry {
  entry: string;
  words: string;
  isThere: boolean;
}

function entriesOf(means: Pick<Means, 'fleet' | 'settings' | 'written'>): Entry[] {
  const { fleet, settings, written } = means;
  const all = [...fleet.all('workload').values()];
  const isNamed = (name: string) => all.some(workload => isCalled(workload, name));
  const isMeant = (filter: string) => all.some(meant(means, filter));
  const groups = Object.entries(written.groups).flatMap(([group, names]) =>
    names.map(name => ({ entry: `groups.${group}`, words: `there is no workload ${name}`, isThere: isNamed(name) })),
  );
  const stacks = written.stacks.map(stack => ({
    entry: `stacks.${stack}`,
    words: 'nothing of this stack runs',
    isThere: all.some(({ system, namespace }) => system === 'swarm' && namespace === stack),
  }));
  const filters = [
    ...settings.watchers.map(({ workload }) => ['watchers', workload] as const),
    ...settings.strategies.map(({ workload }) => ['strategies', workload] as const),
    ...settings.known.map(filter => ['known', filter] as const),
  ].map(([setting, filter]) => ({
    entry: `checklists.settings.${setting}`,
    words: `no workload is meant by ${filter}`,
    isThere: isMeant(filter),
  }));
  return [...groups, ...stacks, ...filters];
}
