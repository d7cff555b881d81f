import type { Fleet } from '../fleet/fleet.ts';
import type { Health } from '../model/entity.ts';
import { sentence } from '../model/trouble.ts';
import type { Coverage, SourceState } from '../sources/source.ts';
import { kindsIn, type PaneState } from './pane.ts';

export interface HeadLine {
  text: string;
  health: Health;
  /** Whether it opens with the mark of its health, or explains the line above. */
  marked: boolean;
}

/** What stands in a pane over its list: what the list lacks, and the state of the storage cluster over its directories. */
export function headLines(pane: PaneState, fleet: Fleet): HeadLine[] {
  return [...lacking(pane, fleet), ...(pane.listed === 'directory' ? clusterLines(fleet) : [])];
}

/** An empty list says itself why it is. */
function lacking({ listed }: PaneState, fleet: Fleet): HeadLine[] {
  if (listed === 'event' || fleet.all(listed).size === 0) return [];
  const words = fleet
    .sources()
    .flatMap(source => kindsIn(listed).flatMap(kind => missing(source, fleet.coverage(source.name, kind))));
  return [...new Set(words)].map(text => ({ text: `lacks: ${text}`, health: 'unknown' as const, marked: true }));
}

function missing({ phase }: SourceState, coverage: Coverage | undefined): string[] {
  if (coverage?.state === 'complete') return (coverage.except ?? []).map(sentence);
  if (coverage?.state === 'forbidden') return [`not allowed: ${sentence(coverage.trouble)}`];
  return coverage?.state === 'failed' && phase === 'live' ? [sentence(coverage.trouble)] : [];
}

function clusterLines(fleet: Fleet): HeadLine[] {
  return [...fleet.all('storage').values()].flatMap(storage => {
    const { health, reason, status, mdsActive, mdsStandby, osdsUp, osds } = storage;
    const words = [
      status ?? 'state unknown',
      `MDS ${mdsActive ?? '?'} active ${mdsStandby ?? '?'} standby`,
      `OSD ${osdsUp ?? '?'} of ${osds ?? '?'} up`,
    ];
    const head = { text: words.join(' · '), health, marked: true };
    return reason ? [head, { text: reason, health, marked: false }] : [head];
  });
}
