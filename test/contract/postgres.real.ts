import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { PostgresOptions } from '../../src/sources/postgres/options.ts';
import { ctl } from './ctl.ts';
import { given } from './given.ts';
import { postgresContract } from './postgres.contract.ts';
import { type PostgresFaults, postgresFaultsContract } from './postgres-faults.contract.ts';
import { asked, postgresTruth } from './postgres-truth.ts';

describe('the real PostgreSQL', { timeout: 60_000 }, () => {
  const url = new URL(readFileSync(given('QD_PG'), 'utf8').trim());
  const open = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-contract-pg-'));
    const file = join(folder, 'password');
    writeFileSync(file, decodeURIComponent(url.password), { mode: 0o600 });
    const options = PostgresOptions.parse({
      kind: 'postgres',
      platform: {
        host: url.hostname,
        port: Number(url.port || 5432),
        user: decodeURIComponent(url.username),
        password: { file },
        database: url.pathname.slice(1),
      },
      pools: { via: 'direct', from: 'table', credentials: 'table' },
      tenantPrefix: 'odoo_',
    });
    return {
      options,
      truth: () => postgresTruth(options),
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  };
  postgresContract(open);

  const admin = process.env.QD_PG_ADMIN;
  if (admin) postgresFaultsContract(async () => ({ ...(await open()), faults: faultsOf(admin) }));
  else
    console.log(
      'not run: the faults of PostgreSQL (QD_PG_ADMIN is not given: they need the test bed, and break no other)',
    );
});

/** @param admin path of a file with the address of the platform's server for a superuser, who is one of every pool too */
function faultsOf(admin: string): PostgresFaults {
  const bed = ctl('QD_DATABASES_CTL');
  const url = new URL(readFileSync(admin, 'utf8').trim());
  const at = (port: number, database: string) => ({
    host: url.hostname,
    port,
    user: url.username,
    password: decodeURIComponent(url.password),
    database,
  });
  const portOf = async (server: string) => {
    if (server === PLATFORM) return Number(url.port);
    const rows = await asked(at(Number(url.port), 'instance'), ask =>
      ask<{ port: number }>(`select port from db_servers where name = '${server}'`),
    );
    return Number(rows[0]?.port);
  };
  return {
    platform: PLATFORM,
    pool: 'postgres-pool-1',
    other: 'postgres-pool-2',
    down: server => bed('stop', server),
    up: server => bed('start', server),
    frozen: server => bed('freeze', server),
    thawed: server => bed('thaw', server),
    full: server => bed('fill', server),
    eased: server => bed('ease', server),
    sql: async (server, database, text) => asked(at(await portOf(server), database), ask => ask(text)),
  };
}

const PLATFORM = 'postgres';
