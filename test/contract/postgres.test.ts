import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { startPostgres } from '../../src/demo/postgres/start.ts';
import { shapeOf } from '../../src/demo/shape.ts';
import { PostgresOptions } from '../../src/sources/postgres/options.ts';
import { postgresContract } from './postgres.contract.ts';
import { postgresFaultsContract } from './postgres-faults.contract.ts';
import { postgresTruth } from './postgres-truth.ts';

describe('the embedded PostgreSQL servers', { timeout: 60_000 }, () => {
  // The data folders are made once.
  const cacheDir = mkdtempSync(join(tmpdir(), 'quarterdeck-contract-pg-'));
  afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));
  const open = async () => {
    const demo = await startPostgres({ shape: shapeOf({ calm: true }), still: true, cacheDir });
    const trouble = await demo.started;
    if (trouble) throw new Error(trouble.why);
    const options = PostgresOptions.parse(demo.source);
    const [pool = '', other = ''] = [...demo.servers.keys()].filter(name => name !== 'postgres');
    return {
      faults: { ...demo, platform: 'postgres', pool, other },
      options,
      truth: () => postgresTruth(options),
      close: () => demo.close(),
    };
  };
  postgresContract(open);
  postgresFaultsContract(open);
});
