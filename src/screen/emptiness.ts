import type { Fleet } from '../fleet/fleet.ts';
import { sourceKindsOf } from '../fleet/gaps.ts';
import { sentence } from '../model/trouble.ts';
import type { SourceState } from '../sources/source.ts';
import { clockTime } from '../text/format.ts';
import type { List } from './list.ts';
import { LISTED_TITLES, type PaneState } from './pane.ts';

export interface EmptinessOptions {
  namespace: string | null;
  /** Names of keys that get out of the emptiness. */
  clearKey: string;
  namespacesKey: string;
}

/** Why a list shows nothing, a sentence a line. A blank pane or a 0 from a failed call would be a lie. */
export function emptiness(pane: PaneState, list: Pick<List, 'all'>, fleet: Fleet, options: EmptinessOptions): string[] {
  if (list.all > 0) return hidden(pane, list.all, options);
  const kinds = sourceKindsOf(pane.listed);
  const sources = fleet.sources().filter(source => kinds.includes(source.kind));
  if (sources.length === 0)
    return [`not set up: no source of ${kinds.join(' or ')} in the profile ("quarterdeck config init" writes one)`];
  return sources.map(source => `${source.name}: ${whyEmpty(source, pane, fleet)}`);
}

function hidden(pane: PaneState, all: number, { namespace, clearKey, namespacesKey }: EmptinessOptions): string[] {
  const words = `${all} hidden`;
  if (pane.filter && namespace) {
    return [
      `${words} by the filter "${pane.filter}" (${clearKey} clears it) or outside of namespace ${namespace} (${namespacesKey} shows all)`,
    ];
  }
  if (pane.filter) return [`${words} by the filter "${pane.filter}" (${clearKey} clears it)`];
  if (namespace) return [`${words}: not in namespace ${namespace} (${namespacesKey} shows all)`];
  return [words];
}

function whyEmpty(source: SourceState, { listed, within }: PaneState, fleet: Fleet): string {
  const { phase, trouble, observedAt } = source;
  if (phase === 'unset') return 'not set up';
  if (phase === 'off') return 'switched off';
  if (phase === 'refused') return `refused: ${trouble ? sentence(trouble) : 'no reason given'}`;
  if (phase === 'connecting') return trouble ? `connecting: ${sentence(trouble)}` : 'connecting …';
  const coverage = listed === 'event' ? undefined : fleet.coverage(source.name, listed);
  if (coverage?.state === 'forbidden') return `not allowed: ${sentence(coverage.trouble)}`;
  if (coverage?.state === 'absent') return `not there: ${sentence(coverage.trouble)}`;
  if (phase === 'stale') {
    const since = observedAt === null ? 'never answered' : `no answer since ${clockTime(observedAt)}`;
    return trouble ? `${since}: ${sentence(trouble)}` : since;
  }
  if (coverage?.state === 'failed') return sentence(coverage.trouble);
  if (coverage?.state === 'asking') return 'asking …';
  if (listed === 'event') return 'nothing has happened yet';
  if (coverage === undefined) return 'not asked yet';
  return within ? `no pods of ${within.name}` : `no ${LISTED_TITLES[listed].toLowerCase()} exist`;
}
