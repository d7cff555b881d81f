import type { Fleet } from '../fleet/fleet.ts';
import type { Health } from '../model/entity.ts';
import type { PaneName } from './layout.ts';
import type { PaneState } from './pane.ts';

export interface HeadLine {
  text: string;
  health: Health;
  /** Whether it opens with the mark of its health, or explains the line above. */
  marked: boolean;
}

/** What stands in a pane over its list: the state of the storage cluster over its directories. */
export function headLines(name: PaneName, { listed }: PaneState, fleet: Fleet): HeadLine[] {
  if (name !== 'cephfs' || listed !== 'directory') return [];
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
