import type { Seen } from '../../model/entity.ts';
import type { Happening } from '../../model/event.ts';
import { bytes } from '../../text/format.ts';

/** Percent of a quota whose passing is worth a line in the feed. At 100 writes are refused; above it is a normal state. */
const LEVELS = [80, 90, 100];
/** Percent below a level that count as having left it: usage that swings around a level tells of it once. */
const SLACK = 2;

type Directory = Seen<'directory'>;

/** Remembers which level of its quotas each directory stands at, and tells when one passes to another. */
export class QuotaLevels {
  #levels = new Map<string, number>();

  /** @param directories all that there are: of others nothing is remembered */
  look(directories: Directory[], at: number): Happening[] {
    const before = this.#levels;
    this.#levels = new Map();
    return directories.flatMap(directory => {
      const { id, usedBytes, quotaBytes, entries, quotaFiles } = directory;
      const of = (what: string, used: number | null, quota: number | null, show: (value: number) => string) => {
        if (used === null || quota === null) return [];
        const key = `${id}/${what}`;
        const old = before.get(key);
        const level = levelOf((used / quota) * 100, old ?? 0);
        this.#levels.set(key, level);
        if (level === old || (old === undefined && level < 100)) return [];
        const text = passed(what, level, old ?? 0, `${show(used)} of ${show(quota)}`, (used / quota) * 100);
        return [happening(directory, `${key}/${text.key}`, text.severity, text.message, at)];
      };
      return [...of('quota', usedBytes, quotaBytes, bytes), ...of('file quota', entries, quotaFiles, String)];
    });
  }
}

/** The system itself refused with EDQUOT. */
export function quotaExceeded(directory: Directory, at: number): Happening {
  return happening(directory, `${directory.id}/EDQUOT`, 'bad', 'Disk quota exceeded: writes are refused', at);
}

function levelOf(percent: number, before: number): number {
  return LEVELS.findLast(level => percent >= (level <= before ? level - SLACK : level)) ?? 0;
}

function passed(what: string, level: number, before: number, numbers: string, percent: number) {
  if (level < before) {
    const left = LEVELS.find(each => each > level) ?? 0;
    return {
      key: `below ${left}`,
      severity: 'info',
      message: `fell below ${left} % of its ${what}: ${numbers}`,
    } as const;
  }
  if (level < 100)
    return { key: `${level}`, severity: 'warn', message: `passed ${level} % of its ${what}: ${numbers}` } as const;
  const message = `at ${Math.floor(percent)} % of its ${what}, writes are refused: ${numbers}`;
  return { key: '100', severity: 'bad', message } as const;
}

function happening(
  { id, name, source }: Directory,
  key: string,
  severity: Happening['severity'],
  message: string,
  at: number,
): Happening {
  return { key, at, severity, source, about: id, subject: `dir/${name}`, reason: 'Quota', message };
}
