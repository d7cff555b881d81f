import type { Finding } from '../../model/checklist-run.ts';
import { why } from '../../sources/why.ts';
import { counted } from '../../text/format.ts';
import type { Means, Probe } from '../checklist.ts';
import { finding } from '../finding.ts';
import { inTurn } from '../in-turn.ts';

/** So many questions at once. */
const AT_ONCE = 4;

type Needed = Means['settings']['rights'][number];

/** What the platform's own programs must be allowed to do, asked of each cluster by an access review. */
export const rights: Probe = {
  name: 'rights',
  needs: ['workload'],
  async look(means) {
    const { fleet, settings } = means;
    const clusters = fleet.sources().filter(({ kind, phase }) => kind === 'kubernetes' && phase !== 'unset');
    const asked = clusters.flatMap(({ name }) => settings.rights.map(needed => ({ source: name, needed })));
    const findings = await inTurn(asked, AT_ONCE, ({ source, needed }) => ask(source, needed, means));
    const verbs = settings.rights.reduce((sum, needed) => sum + needed.verbs.length, 0);
    const isWell = asked.length > 0 && findings.flat().length === 0;
    return { findings: findings.flat(), facts: isWell ? [`${counted(verbs, 'right')} given`] : [] };
  },
};

async function ask(source: string, needed: Needed, { fleet, signal }: Means): Promise<Finding[]> {
  const { account, namespace, group, resource, verbs } = needed;
  const client = fleet.source(source)?.client?.();
  const tell = (health: Finding['health'], reason: string, evidence: string[] = []) => [
    finding(`${source} ${namespace}/${account}`, health, reason, evidence),
  ];
  if (!client?.forbids) return tell('unknown', 'what it may do cannot be asked: not connected');
  const user = `system:serviceaccount:${namespace}:${account}`;
  const refused: string[] = [];
  for (const verb of verbs) {
    try {
      if ((await client.forbids({ verb, group, resource, namespace }, signal, user)) !== null) refused.push(verb);
    } catch (error) {
      signal.throwIfAborted();
      return tell('unknown', `what it may do cannot be asked: ${why(error)}`);
    }
  }
  if (refused.length === 0) return [];
  const kind = group === '' ? resource : `${resource}.${group}`;
  const words = `may not ${refused.join(', ')} ${kind}`;
  return tell(
    'bad',
    words,
    refused.map(verb => `kubectl auth can-i ${verb} ${kind} --as=${user} -n ${namespace}`),
  );
}
