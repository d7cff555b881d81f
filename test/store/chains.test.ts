import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../src/store/journal.ts';
import { chain } from '../helpers/chains.ts';
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

it('nobody but the journal itself adds to the own chain', async () => {
  const journal = openJournal(':memory:');
  const own = journal.chains.own();
  await expect(journal.chains.add(own, chain(1))).rejects.toThrow('our own journal does not have it');
  journal.keep('checklist', { id: 'a', at: 1, step: 'leave' });
  await journal.chains.add(own, await journal.chains.after(own.id, 0));
  expect(await journal.chains.heads()).toMatchObject([{ id: own.id, seq: 1 }]);
  journal.close();
});
