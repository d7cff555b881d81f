import { printable } from '../../model/printable.ts';
import type { DatabaseFacts, Dialect, Measure } from '../postgres/probe.ts';
import { QUESTIONS, SYSTEM } from './questions.ts';

/** ER_CON_COUNT_ERROR: one for each of max_connections, and that of the superuser, are taken. */
const TOO_MANY = 1040;

export const MARIADB: Dialect = {
  async read(session) {
    const [server = {}] = await session.rows(QUESTIONS.server);
    const databases = await session.rows(QUESTIONS.databases);
    return {
      // Without the distributor's name for it: "10.11.19-MariaDB-0+deb12u1".
      version: printable(String(server.version), 60).split('-')[0] ?? null,
      maxConnections: numberOr(server.max),
      connections: numberOr(server.connections),
      longestTransactionSeconds: null, // needs the right PROCESS
      databases: databases.map(({ name }): DatabaseFacts => {
        return {
          oid: null,
          name: printable(String(name), 200),
          template: SYSTEM.includes(String(name)),
          connections: null,
        };
      }),
    };
  },

  async measure(session, databases) {
    // A database without tables has no row; what the system ones hold is not asked.
    const nothing = ({ template }: DatabaseFacts): Measure => ({ sizeBytes: 0, tables: template ? null : 0 });
    const measures = new Map(databases.map(database => [database.name, nothing(database)]));
    for (const { name, tables, size } of await session.rows(QUESTIONS.tables)) {
      measures.set(printable(String(name), 200), { sizeBytes: numberOr(size), tables: numberOr(tables) });
    }
    return measures;
  },

  isFull: error => (error as { errno?: unknown } | null)?.errno === TOO_MANY,
};

/** Sums are decimals, which the library gives as text, and so are status values. */
function numberOr(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
