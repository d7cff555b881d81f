import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunEntry } from '../../src/model/checklist-run.ts';
import type { Ending, Intent } from '../../src/model/deed.ts';
import { type Journal, openJournal } from '../../src/store/journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'qd-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let path: string;
let journal: Journal;
let number = 0;
beforeEach(() => {
  path = join(folder, `${number++}.db`);
  journal = openJournal(path);
});

const intent = (id: string, at = 1_000): Intent => ({
  id,
  at,
  operator: 'ops',
  sshClient: '10.0.0.9',
  demo: false,
  system: 'prod',
  identity: 'ops@prod',
  verb: 'scale',
  input: { replicas: '5' },
  target: { id: 'prod/x/deployment/web', kind: 'workload', name: 'web', source: 'prod', uid: 'u', version: '7' },
  command: 'kubectl -n x scale deployment/web --replicas=5',
  risk: 'safe',
  changes: [{ what: 'replicas', from: '3', to: '5' }],
  reason: null,
  proofs: [{ path: '/x', at: ['spec', 'replicas'], is: 5 }],
  inverse: { verb: 'scale', input: { replicas: '3' } },
  batch: null,
  process: { pid: 1, host: 'here' },
});
const ending = (id: string, at = 9_000, more: Partial<Ending> = {}): Ending => ({
  id,
  at,
  outcome: 'done',
  words: '5 of 5 ready',
  checked: false,
  ...more,
});

describe('the journal', () => {
  it('gives back what was begun and how it ended, oldest first', () => {
    journal.begin(intent('a', 1_000));
    journal.begin(intent('b', 2_000));
    journal.end(ending('a'));
    expect(journal.deeds()).toEqual([
      { intent: intent('a', 1_000), ending: ending('a') },
      { intent: intent('b', 2_000), ending: null },
    ]);
    expect(journal.open().map(({ intent }) => intent.id)).toEqual(['b']);
    expect(journal.deeds({ since: 1_500 }).map(({ intent }) => intent.id)).toEqual(['b']);
  });

  it('keeps the first ending only', () => {
    journal.begin(intent('a'));
    journal.end(ending('a'));
    journal.end(ending('a', 10_000, { outcome: 'failed', checked: true }));
    expect(journal.deed('a')?.ending).toEqual(ending('a'));
    expect(journal.verify()).toEqual({ records: 2, broken: null });
  });

  it('keeps what is known later of an ending that said unknown', () => {
    journal.begin(intent('a'));
    const unknown = ending('a', 9_000, { outcome: 'unknown', words: 'not there after 10 min' });
    journal.end(unknown);
    journal.end({ ...unknown, at: 9_500 });
    expect(journal.unknown(1_000).map(({ ending }) => ending)).toEqual([unknown]);
    expect(journal.unknown(1_001)).toEqual([]);
    const later = ending('a', 20_000, { checked: true });
    journal.end(later);
    journal.end(ending('a', 30_000, { outcome: 'failed' }));
    expect(journal.deeds()).toEqual([{ intent: intent('a'), ending: later }]);
    expect(journal.unknown(0)).toEqual([]);
    expect(journal.durations('scale', 'prod/x/deployment/web')).toEqual([]);
    expect(journal.verify()).toEqual({ records: 3, broken: null });
  });

  it('tells how long a verb took, of what was seen to its end', () => {
    for (const [id, outcome, checked] of [
      ['a', 'done', false],
      ['b', 'failed', false],
      ['c', 'done', true],
    ] as const) {
      journal.begin(intent(id));
      journal.end(ending(id, 9_000, { outcome, checked }));
    }
    expect(journal.durations('scale', 'prod/x/deployment/web')).toEqual([8]);
    expect(journal.durations('restart', 'prod/x/deployment/web')).toEqual([]);
  });

  it('is written by two programs in turn, in one chain', () => {
    const other = openJournal(path);
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), turns => {
        for (const mine of turns) (mine ? journal : other).begin(intent(crypto.randomUUID()));
        expect(journal.verify().broken).toBeNull();
      }),
      { numRuns: 10 },
    );
    other.close();
  });

  it('keeps runs of checklists in the same chain, entry by entry', () => {
    const begun: RunEntry = {
      step: 'begin',
      id: 'run',
      at: 1_500,
      checklist: 'daily',
      operator: 'ops',
      sshClient: null,
      process: { pid: 1, host: 'here' },
      demo: false,
      auto: true,
      items: [{ id: 'disk-space', title: 'Disk space' }],
    };
    const ended: RunEntry = { step: 'end', id: 'run', at: 2_500, verdict: 'pass' };
    journal.begin(intent('a', 1_000));
    journal.keep('checklist', begun);
    journal.keep('checklist', { ...ended, id: 'other', at: 2_000 });
    journal.keep('checklist', ended);
    expect(journal.kept('checklist', { id: 'run' })).toEqual([begun, ended]);
    expect(journal.kept('checklist', { since: 2_000 }).map(({ id }) => id)).toEqual(['other', 'run']);
    expect(journal.deeds().map(({ intent }) => intent.id)).toEqual(['a']);
    expect(journal.verify()).toEqual({ records: 4, broken: null });
    const database = new DatabaseSync(path);
    database.exec("UPDATE journal SET body = replace(body, 'pass', 'fail') WHERE seq = 3");
    database.close();
    expect(journal.verify().broken).toMatchObject({ record: 3 });
  });

  it.each([
    ['a word of a record', "UPDATE journal SET body = replace(body, 'web', 'web2') WHERE seq = 2", 2],
    ['a record’s time', 'UPDATE journal SET at = at + 1 WHERE seq = 2', 2],
    ['a record taken away', 'DELETE FROM journal WHERE seq = 2', 3],
    [
      'a record taken away and the rest moved up',
      'DELETE FROM journal WHERE seq = 2; UPDATE journal SET seq = 2 WHERE seq = 3',
      2,
    ],
    ['an ending made an intent', "UPDATE journal SET phase = 'intent' WHERE seq = 3", 3],
  ])('finds %s', (_, change, record) => {
    journal.begin(intent('a'));
    journal.begin(intent('b'));
    journal.end(ending('b'));
    const database = new DatabaseSync(path);
    database.exec(change);
    database.close();
    expect(journal.verify().broken).toMatchObject({ record });
  });

  it('says why it cannot be kept', () => {
    journal.close();
    const database = new DatabaseSync(path);
    database.exec('DROP TABLE journal');
    database.close();
    const broken = openJournal(path);
    expect(() => broken.begin(intent('a'))).toThrow(/write the journal on .*: no such table/);
    broken.close();
  });
});
