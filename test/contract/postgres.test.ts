import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { startPostgres } from '../../src/demo/postgres/start.ts';
import { shapeOf } from '../../src/demo/shape.ts';
import { PostgresOptions } from '../../src/sources/postgres/index.ts';
import { postgresContract } from './postgres.contract.ts';
import { postgresTruth } from './postgres-truth.ts';

describe('the embedded PostgreSQL servers', () => {
  postgresContract(async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), 'quarterdeck-contract-pg-'));
    const demo = await startPostgres({ shape: shapeOf({ calm: true }), still: true, cacheDir });
    const trouble = await demo.started;
    if (trouble) throw new Error(trouble.why);
    const options = PostgresOptions.parse(demo.source);
    return {
      options,
      truth: () => postgresTruth(options),
      async close() {
        await demo.close();
        rmSync(cacheDir, { recursive: true, force: true });
      },
    };
  });
});
