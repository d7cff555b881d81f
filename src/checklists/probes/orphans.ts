import { gaps } from '../../fleet/gaps.ts';
import { bytes, counted } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { backupsByDatabase } from './newest-backups.ts';
import { commands } from './old-backups.ts';

/** Backups of databases that no instance has: kept on purpose, or forgotten. */
export const orphans: Probe = {
  name: 'backups without an instance',
  needs: ['backup', 'instance'],
  optional: true,
  look({ fleet }) {
    // Of a list that is not whole nobody can say what is not on it.
    if (gaps(fleet, 'instance').gaps.length > 0) return { findings: [], facts: [] };
    const known = new Set([...fleet.all('instance').values()].map(({ databaseName }) => databaseName));
    const all = [...fleet.all('backup').values()];
    const stray = [...backupsByDatabase({ fleet })].filter(([database]) => !known.has(database));
    return {
      findings: stray.map(([target, backups]) => {
        const size = backups.reduce((sum, one) => sum + (one.databaseBytes ?? 0) + (one.dataBytes ?? 0), 0);
        const reason = `${counted(backups.length, 'backup')} of an instance that is not there (${bytes(size)})`;
        return {
          target,
          about: backups[0]?.id ?? null,
          health: 'warn',
          reason,
          evidence: known.size > 0 ? commands(backups, all) : [],
        };
      }),
      facts: [],
    };
  },
};
