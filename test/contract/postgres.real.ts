import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { PostgresOptions } from '../../src/sources/postgres/index.ts';
import { given } from './given.ts';
import { postgresContract } from './postgres.contract.ts';
import { postgresTruth } from './postgres-truth.ts';

describe('the real PostgreSQL', () => {
  const url = new URL(readFileSync(given('QD_PG'), 'utf8').trim());
  postgresContract(async () => {
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
  });
});
