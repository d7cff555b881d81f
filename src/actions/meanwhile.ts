import { hostname } from 'node:os';
import type { Intent } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import type { TeamState } from '../model/team.ts';
import type { Journal } from '../store/journal.ts';
import { clockTime } from '../text/format.ts';
import { teamWords } from '../text/team-words.ts';

/** What has not ended after so long has nobody who tells of its end. */
const REMEMBERED_MS = 24 * 3_600_000;
const LOOKED_AT = 200;

/** What others have begun on this target and not ended, in sentences: to be known, nothing is forbidden by it. */
export function meanwhile(journal: Journal, noun: Noun, team: TeamState | null, now: number): string[] {
  const deeds = journal.team({ since: now - REMEMBERED_MS, limit: LOOKED_AT });
  const open = deeds.filter(({ intent, ending }) => ending === null && isOn(intent, noun) && !isOurs(intent));
  const stale = team && teamWords(team);
  return open.map(
    ({ intent: { operator, process, verb, at } }) =>
      `${operator}@${process.host} has begun ${verb} of it at ${clockTime(at)}: not ended, as far as is known${stale ? `; ${stale}` : ''}`,
  );
}

/** Others may call their sources otherwise. */
function isOn({ target }: Intent, { id, uid }: Noun): boolean {
  return target.id === id || (uid !== null && target.uid === uid);
}

/** What this program does is no news to it. */
function isOurs({ process: { pid, host } }: Intent): boolean {
  return pid === process.pid && host === hostname();
}
