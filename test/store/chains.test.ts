import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe } from 'vitest';
import { openJournal } from '../../src/store/journal.ts';
import { chainsContract } from './chains.contract.ts';

describe('in SQLite', () => {
  chainsContract(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qd-chains-'));
    const path = join(folder, 'store.sqlite');
    const journals = [openJournal(path), openJournal(path)] as const;
    return {
      one: journals[0].chains,
      other: journals[1].chains,
      tamper: async sql => {
        const database = new DatabaseSync(path);
        database.exec(sql.replace('$rows', 'team_journal'));
        database.close();
      },
      close: async () => {
        for (const journal of journals) journal.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  });
});
