import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execa } from 'execa';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Book } from '../../src/checklists/book.ts';
import type { Checklist } from '../../src/checklists/checklist.ts';
import { standing } from '../../src/checklists/due.ts';
import { finding } from '../../src/checklists/finding.ts';
import { LiveRun } from '../../src/checklists/live-run.ts';
import { markdownOf } from '../../src/checklists/markdown.ts';
import { isAtWork, type RunRecord, runsOf } from '../../src/checklists/records.ts';
import { type Journal, openJournal } from '../../src/store/journal.ts';
import { SLOW } from './slow-list.ts';
import { HOUR, meansFor, NOW, world } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'qd-checks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUICK: Checklist = { ...SLOW, items: SLOW.items.slice(0, 1) };
const worker = (operator: string, pid = process.pid) => ({
  operator,
  sshClient: null,
  process: { pid, host: hostname() },
});

let path: string;
let journal: Journal;
let number = 0;
beforeEach(() => {
  path = join(folder, `${number++}.db`);
  journal = openJournal(path);
});

const open = (checklist: Checklist, { operator = 'ops', auto = false } = {}) =>
  LiveRun.open({ checklist, means: meansFor(world().fleet), journal, worker: worker(operator), demo: false, auto });
const kept = (): RunRecord[] => runsOf(journal.kept('checklist'));

describe('a run', () => {
  it('is kept step by step, and ends when all items are decided', async () => {
    const run = open(QUICK);
    await run.look();
    run.fixed('quick', 'restart web: done');
    await run.lookAt('quick');
    expect(run.record.end).toBeNull();
    run.confirm('quick');
    expect(kept()).toEqual([run.record]);
    expect(run.record).toMatchObject({
      begunBy: 'ops',
      items: [
        {
          id: 'quick',
          result: { verdict: 'warn', reason: 'web: is slow · 1 looked at', facts: '1 looked at', figures: { seen: 7 } },
          decision: { decision: 'confirmed', operator: 'ops', note: null },
          fixes: [{ what: 'restart web: done', operator: 'ops' }],
        },
      ],
      end: { verdict: 'warn' },
    });
    expect(journal.verify().broken).toBeNull();
  });

  it('counts an override as pass, a skip as not seen, and needs a new word after a new look', async () => {
    const run = open(QUICK);
    await run.look();
    run.override('quick', 'password=hunter2 is known');
    expect(run.record.end?.verdict).toBe('pass');
    expect(JSON.stringify(journal.kept('checklist'))).not.toContain('hunter2');
    const other = open({ ...QUICK, items: [...QUICK.items, { ...QUICK.items[0]!, id: 'other' }] });
    await other.look();
    other.skip('quick', 'no time');
    await other.lookAt('quick');
    expect(other.record.items[0]?.decision).toBeNull();
    other.skip('quick', 'no time');
    other.confirm('other');
    expect(other.record.end?.verdict).toBe('cannot-tell');
  });

  it('ends by itself where nobody answers', async () => {
    const run = open(QUICK, { auto: true });
    await run.look();
    expect(run.record.end?.verdict).toBe('warn');
  });

  it('is gone on with after it was left, by somebody else too, with what was said', async () => {
    const run = open(SLOW);
    const looking = run.look();
    await run.lookAt('quick');
    run.override('quick', 'known');
    run.leave();
    await looking;
    const again = open(SLOW, { operator: 'second' });
    expect(again.record.id).toBe(run.record.id);
    expect(again.record).toMatchObject({ begunBy: 'ops', worker: { operator: 'second' }, left: false });
    expect(again.record.items.map(({ decision }) => decision?.note ?? null)).toEqual(['known', null]);
    again.leave();
  });

  it('is gone on with after a SIGKILL', async () => {
    const script = join(import.meta.dirname, 'killed-run.ts');
    const child = execa(process.execPath, [script, path], { reject: false });
    await once(child.stdout, 'data');
    expect(standing('daily', kept(), NOW)).toMatchObject({ atWork: true, open: { begunBy: 'first' } });
    child.kill('SIGKILL');
    await child;
    expect(standing('daily', kept(), NOW)).toMatchObject({ atWork: false });
    const run = open(SLOW);
    expect(run.record).toMatchObject({ begunBy: 'first', worker: { operator: 'ops' } });
    expect(run.record.items[0]).toMatchObject({ decision: { decision: 'overridden', note: 'known since Monday' } });
    expect(run.record.items[1]).toMatchObject({ result: null });
    run.leave();
    expect(journal.verify().broken).toBeNull();
  });

  it('shows in the chain when it was changed', async () => {
    await open(QUICK, { auto: true }).look();
    const database = new DatabaseSync(path);
    database.exec(`UPDATE journal SET body = replace(body, '"warn"', '"pass"') WHERE phase = 'checklist'`);
    database.close();
    expect(journal.verify().broken).not.toBeNull();
  });

  it('is seen by another program as long as somebody is at it', async () => {
    const run = open(SLOW);
    const other = openJournal(path);
    const book = new Book({
      fleet: world().fleet,
      journal: () => other,
      checklists: {},
      worker: worker('second'),
      demo: false,
      platform: 'prod',
    });
    await book.begin();
    expect(book.standing('daily')).toMatchObject({ state: 'due', atWork: true, open: { begunBy: 'ops' } });
    const sitting = await book.open('daily', () => {});
    expect(sitting.live).toBeNull();
    expect(sitting.record().id).toBe(run.record.id);
    run.leave();
    book.refresh();
    expect(book.standing('daily').atWork).toBe(false);
    book.close();
    other.close();
  });
});

describe('how a checklist stands', () => {
  const run = (begunAt: number, end = true): RunRecord => ({
    id: String(begunAt),
    checklist: 'daily',
    demo: false,
    auto: false,
    begunAt,
    begunBy: 'ops',
    worker: worker('ops', 2 ** 22 + 1),
    lastAt: begunAt,
    left: false,
    items: [],
    end: end ? { at: begunAt, verdict: 'pass' } : null,
  });
  const days = (...ago: number[]) => ago.map(day => run(NOW - day * 24 * HOUR));

  it('is due once a day, overdue after a day that was missed, and counts the days in a row', () => {
    expect(standing('daily', [], NOW)).toMatchObject({ state: 'due', last: null, streak: 0 });
    expect(standing('daily', days(2, 1), NOW)).toMatchObject({ state: 'due', streak: 2 });
    expect(standing('daily', days(3, 2, 1, 0), NOW)).toMatchObject({ state: 'done', streak: 4 });
    expect(standing('daily', days(3, 2), NOW)).toMatchObject({ state: 'overdue', streak: 0 });
    expect(standing('daily', days(4, 2, 1, 0), NOW).streak).toBe(3);
    expect(standing('weekly', days(0), NOW)).toMatchObject({ state: 'due', last: null });
  });

  it('knows a program that has gone', () => {
    expect(isAtWork(run(NOW, false), NOW)).toBe(false);
    expect(isAtWork({ ...run(NOW, false), worker: worker('ops') }, NOW)).toBe(true);
    const far = { ...run(NOW, false), worker: { ...worker('ops'), process: { pid: 1, host: 'elsewhere' } } };
    expect(isAtWork(far, NOW + 5 * 60_000)).toBe(true);
    expect(isAtWork(far, NOW + HOUR)).toBe(false);
  });
});

it('the report compares with the run that was finished before', async () => {
  let found = [finding('web', 'warn', 'is slow'), finding('a_b', 'warn', 'is slow')];
  const [quick] = QUICK.items;
  const changing: Checklist = {
    ...QUICK,
    items: [{ ...quick!, probes: [{ name: 'any', needs: [], look: () => ({ findings: found, facts: [] }) }] }],
  };
  const report = async () => {
    const run = open(changing, { auto: true });
    await run.look();
    return markdownOf(run.record, 'prod', run.before);
  };
  expect(await report()).not.toContain('before:');
  expect(await report()).toMatch(/\n\nbefore: .* by ops, warning, 1 in a row\n\n- the same was found\n\n/);
  found = [finding('web', 'warn', 'is slow'), ...[1, 2, 3, 4, 5, 6, 7].map(n => finding(`n${n}`, 'bad', 'is gone'))];
  expect(await report()).toContain(
    '- Item quick: was warning · new: n1, n2, n3, n4, n5 and 2 more · no longer told: a_b\n',
  );
  found = [];
  expect(await report()).toContain('- Item quick: was fail · no longer told: n1, n2, n3, n4, n5 and 3 more\n');
});

it('the report names what was found, and takes nothing from outside for markup', async () => {
  const run = open(QUICK);
  await run.look();
  run.override('quick', 'see [here](http://x) | <b>');
  const text = markdownOf(run.record, 'prod', run.before);
  expect(text).toContain('# Daily checklist of prod: pass');
  expect(text).toContain('- **web** (warning): is slow');
  expect(text).toContain('overridden by ops: "see \\[here\\](http://x) \\| \\<b>"');
});
