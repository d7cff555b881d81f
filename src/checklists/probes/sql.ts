import type { Finding } from '../../model/checklist-run.ts';
import { printable } from '../../model/printable.ts';
import type { Row } from '../../sources/source.ts';
import type { Probe } from '../checklist.ts';
import { finding } from '../finding.ts';
import { type Limit, type Limits, limitsOf, over, withWords } from '../limits.ts';

export interface SqlOptions extends Limits {
  sql: string;
  database: string;
  rows: number;
}

/**
 * A SELECT on a database: the first value of the first row, or a column of each row (`age > 26h`). Without a threshold
 * no row may come.
 */
export function sql(options: SqlOptions): Probe {
  const { sql: select, database, rows: most } = options;
  const limits = limitsOf(options);
  return {
    name: `SQL on ${database}`,
    needs: [],
    async look(means) {
      const rows = await means.sql(database, `select * from (${select}\n) q limit ${most + 1}`, means.signal);
      const shown = rows.slice(0, most);
      const cut: Finding[] =
        rows.length > most ? [finding(database, 'unknown', `more than ${most} rows: the rest was not looked at`)] : [];
      if (limits.length === 0) {
        return {
          findings: [...shown.map(row => finding(nameOf(row, database), 'bad', textOf(row))), ...cut],
          facts: [`${shown.length} rows`],
        };
      }
      const named = limits.filter(({ threshold }) => threshold.name !== null);
      const bare = limits.filter(({ threshold }) => threshold.name === null);
      return {
        findings: [...single(shown, bare, database), ...shown.flatMap(row => ofRow(row, named, database)), ...cut],
        facts: [bare.length > 0 ? `${Object.values(shown[0] ?? {})[0] ?? 'no row'}` : `${shown.length} rows`],
      };
    },
  };
}

function single([row]: readonly Row[], limits: readonly Limit[], database: string): Finding[] {
  const value = row ? Object.values(row)[0] : undefined;
  const verdict = over(limits, numberOf(value));
  return verdict ? [finding(database, verdict.health, withWords(printable(String(value ?? 'no value')), verdict))] : [];
}

function ofRow(row: Row, limits: readonly Limit[], database: string): Finding[] {
  const verdicts = limits.flatMap(limit => {
    const verdict = over([limit], numberOf(row[limit.threshold.name ?? '']));
    return verdict ? [verdict] : [];
  });
  const [worst] = verdicts;
  return worst ? [finding(nameOf(row, database), worst.health, withWords(textOf(row), worst))] : [];
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  return value === '' || Number.isNaN(Number(value)) ? null : Number(value);
}

/** The first text of a row names it. */
function nameOf(row: Row, database: string): string {
  const text = Object.values(row).find(value => typeof value === 'string');
  return typeof text === 'string' ? printable(text, 80) : database;
}

function textOf(row: Row): string {
  return printable(
    Object.entries(row)
      .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
      .join(', '),
    200,
  );
}
