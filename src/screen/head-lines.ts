import type { Fleet } from '../fleet/fleet.ts';
import type { Health } from '../model/entity.ts';
import { sentence } from '../model/trouble.ts';
import type { PaneState } from './pane.ts';

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

function lacking({ listed }: PaneState, fleet: Fleet): HeadLine[] {
  if (listed === 'event') return [];
  return fleet.sources().flatMap(({ name }) => {
    const coverage = fleet.coverage(name, listed);
    const except = coverage?.state === 'complete' ? (coverage.except ?? []) : [];
    return except.map(trouble => ({ text: `lacks: ${sentence(trouble)}`, health: 'unknown' as const, marked: true }));
  });
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
