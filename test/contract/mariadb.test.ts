import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { serveMariadb, USER } from '../../src/demo/mariadb/server.ts';
import { MariadbOptions } from '../../src/sources/mariadb/options.ts';
import { mariadbContract } from './mariadb.contract.ts';
import { mariadbTruth } from './mariadb-truth.ts';

describe('the embedded MariaDB', { timeout: 60_000 }, () => {
  mariadbContract(
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-contract-mariadb-'));
      const file = join(folder, 'password');
      const password = 'embedded';
      writeFileSync(file, password, { mode: 0o600 });
      const demo = await serveMariadb(password);
      const at = { host: demo.host, port: demo.port, user: USER };
      return {
        options: MariadbOptions.parse({
          kind: 'mariadb',
          servers: { 'killbill-db': { ...at, password: { file } } },
        }),
        truth: () => mariadbTruth({ ...at, password }),
        faults: {
          down: () => demo.down(),
          up: () => demo.up(),
          frozen: async () => demo.freeze(),
          thawed: async () => demo.thaw(),
          full: async () => demo.fill(),
          eased: async () => demo.ease(),
          async locked() {
            demo.password = 'another';
            demo.showOut();
          },
          async unlocked() {
            demo.password = password;
          },
        },
        async close() {
          await demo.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
    { breakable: true },
  );
});
