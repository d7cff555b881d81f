import { dirname, join } from 'node:path/posix';
import type { Finding } from '../../model/checklist-run.ts';
import type { Backup } from '../../model/entity.ts';
import { bytes, counted } from '../../text/format.ts';
import { shellWord } from '../../text/shell.ts';
import type { Probe } from '../checklist.ts';
import { beyond, type Retention } from '../retention.ts';
import { backupsByDatabase } from './newest-backups.ts';

/** So many lines of evidence are kept of a finding. */
const MOST_LINES = 5;

/** Backups that the rule of the profile does not keep. They are removed by hand: the finding says how. */
export const oldBackups: Probe = {
  name: 'old backups',
  needs: ['backup'],
  optional: true,
  look({ fleet, settings }) {
    const rule = settings.keepBackups;
    const all = [...fleet.all('backup').values()];
    const databases = [...backupsByDatabase({ fleet })].map(([database, backups]) => {
      const old = beyond(backups, rule, fleet.now());
      return { database, old, size: sizeOf(old) };
    });
    const over = databases.filter(({ old }) => old.length > 0).sort((a, b) => b.size - a.size);
    const old = over.flatMap(one => one.old);
    return {
      findings: over.map(
        ({ database, old, size }): Finding => ({
          target: database,
          about: old[0]?.id ?? null,
          health: 'warn',
          reason: `${counted(old.length, 'backup')} beyond ${words(rule)}: ${bytes(size)}`,
          evidence: commands(old, all),
        }),
      ),
      facts: [
        old.length === 0
          ? `no backup beyond ${words(rule)}`
          : `${old.length} of ${counted(all.length, 'backup')} beyond ${words(rule)}: ${bytes(sizeOf(old))}`,
      ],
    };
  },
};

const words = ({ daily, weekly, monthly }: Retention) => `${daily} daily, ${weekly} weekly, ${monthly} monthly`;

function sizeOf(backups: readonly Backup[]): number {
  return backups.reduce((sum, { databaseBytes, dataBytes }) => sum + (databaseBytes ?? 0) + (dataBytes ?? 0), 0);
}

/** What an operator types where the files are, so many of them as there is room for. */
export function commands(old: readonly Backup[], all: readonly Backup[]): string[] {
  const shown = old.length > MOST_LINES ? old.slice(0, MOST_LINES - 1) : old;
  const rest = old.length - shown.length;
  return [...shown.map(one => command(one, all)), ...(rest > 0 ? [`and ${rest} more, the oldest of them first`] : [])];
}

/** All files of a backup begin with its name; where those of another one do too, nobody should type that. */
function command({ path, name, id }: Backup, all: readonly Backup[]): string {
  const isUnlike = all.every(other => other.id === id || !other.name.startsWith(`${name}_`));
  if (path === null || !isUnlike) return `${name}: its files have to be named one by one`;
  return `rm -- ${shellWord(join(dirname(path), name))}_*`;
}
