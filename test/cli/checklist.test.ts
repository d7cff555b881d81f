import { describe, expect, test } from 'vitest';
import { ChecklistHistory, ChecklistRun } from '../../src/cli/json-checklists.ts';
import type { Sink } from '../../src/sources/source.ts';
import { backup, directory, instance } from '../helpers/nouns.ts';
import { type FakeIo, fakeIo, live, NOW, play, type Scripts } from './harness.ts';

const HOUR = 3_600_000;
const well: Scripts = {
  kubernetes: live('node', 'workload', 'replica'),
  cephfs: live('directory', 'storage', 'backup'),
  postgres: live('pool', 'instance'),
};

const also = (name: keyof Scripts, tell: (sink: Sink) => void): Scripts => ({
  ...well,
  [name]: (sink: Sink) => {
    well[name]?.(sink);
    tell(sink);
  },
});

const warning = also('cephfs', sink => sink.put([directory('a', { usedBytes: 8.5 * 2 ** 30 })]));
const bad = also('postgres', sink => sink.put([instance('acme')]));
const silent = also('cephfs', sink => sink.state({ phase: 'refused' }));

/** As its parts stand in one home, so that the runs of a test follow on each other. */
const run = (words: string, scripts: Scripts, io: FakeIo) =>
  play(`checklist ${words} --as ops`, scripts, { io: at(io) });
const at = (io: FakeIo) => {
  io.stdout = '';
  io.stderr = '';
  return io;
};

describe('checklist daily', () => {
  test.each<[string, Scripts, number, string]>([
    ['passes', well, 0, 'pass'],
    ['warns', warning, 1, 'warn'],
    ['fails', bad, 2, 'fail'],
    ['cannot tell', silent, 3, 'cannot-tell'],
  ])('%s, in its exit code and in JSON', async (_, scripts, code, verdict) => {
    const played = await run('daily --auto --json', scripts, fakeIo());
    expect(played.code).toBe(code);
    const told = ChecklistRun.parse(played.json);
    expect(told).toMatchObject({ checklist: 'daily', operator: 'ops', verdict });
    expect(told.items.map(({ id }) => id)).toEqual(['services', 'error-logs', 'disk-space', 'backups']);
    expect(told.endedAt).not.toBeNull();
  });

  test('tells people what was found, and says so in a report', async () => {
    const text = await run('daily --auto', bad, fakeIo());
    expect(text.stdout).toMatch(/^Daily checklist of prod {2}✖ fail .*\n/);
    expect(text.stdout).toContain('✖ Backups completed\n    0 of 1 fresh and whole\n  ✖ acme: has no backup\n');
    const report = await run('daily --auto --markdown', bad, fakeIo());
    expect(report.stdout).toContain('- **acme** (bad): has no backup');
  });

  test('without --auto it is left to be confirmed, and gone on with', async () => {
    const io = fakeIo();
    const first = ChecklistRun.parse((await run('daily --json', warning, io)).json);
    expect(first.endedAt).toBeNull();
    const again = ChecklistRun.parse((await run('daily --json', well, io)).json);
    expect([again.id, again.verdict]).toEqual([first.id, 'pass']);
    const auto = ChecklistRun.parse((await run('daily --auto --json', well, io)).json);
    expect(auto.id).not.toBe(first.id);
  });

  test('is kept, told in the history, and part of the chain', async () => {
    const io = fakeIo();
    await run('daily --auto', warning, io);
    const compared = await run('daily --auto', well, io);
    expect(compared.stdout).toMatch(/^before: .* by ops, warning, 1 in a row$/m);
    expect(compared.stdout).toMatch(/^ {4}since the run before: was warning · no longer told: a$/m);
    const history = await run('history --json', well, io);
    expect(history.code).toBe(0);
    const { items, checklists } = ChecklistHistory.parse(history.json);
    expect(items.map(({ verdict }) => verdict)).toEqual(['warn', 'pass']);
    expect(checklists[0]).toEqual({ checklist: 'daily', state: 'done', streak: 1 });
    const lines = await run('history', well, io);
    expect(lines.stdout).toMatch(/daily {2}ops \(auto\) {2}▲ warning: Disk space\n/);
    const chain = await play('journal --verify --json', well, { io: at(io) });
    expect(chain.json).toMatchObject({ records: 12, broken: null });
  });

  test('compares with the run before: what was told yesterday is no news', async () => {
    let now = NOW;
    const io = fakeIo({ now: () => now });
    const shrunk = also('cephfs', sink => {
      sink.put([backup('acme', now - HOUR), backup('acme', now - 25 * HOUR)]);
    });
    const scripts = { ...shrunk, postgres: bad.postgres };
    expect((await run('daily --auto', scripts, io)).code).toBe(0);
    now += 24 * HOUR;
    expect((await run('daily --auto', scripts, io)).stdout).toContain('1 in a row');
    expect((await run('history', scripts, io)).stdout).toMatch(/^daily: done, 2 in a row$/m);
    now += 72 * HOUR;
    expect((await run('history', scripts, io)).stdout).toMatch(/^daily: overdue, 0 in a row$/m);
  });
});

test.each([
  ['checklist', 'checklist what?'],
  ['checklist dayly', 'did you mean daily?'],
  ['checklist daily --json --markdown', 'exclude each other'],
  ['status --auto', '--auto belongs to checklist'],
])('%s: 64', async (words, message) => {
  const io = fakeIo();
  expect((await play(words, well, { io })).code).toBe(64);
  expect(io.stderr).toContain(message);
});
