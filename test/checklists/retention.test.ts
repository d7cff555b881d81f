import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beyond, type Retention } from '../../src/checklists/retention.ts';
import { Random } from '../../src/demo/random.ts';
import type { Backup } from '../../src/model/entity.ts';
import { readBackups } from '../../src/sources/cephfs/backups.ts';
import { runLocal } from '../../src/sources/run-local.ts';
import { backup, judged } from '../helpers/nouns.ts';
import { DAY_MS, NOW } from './hand-made.ts';

const RULE = { daily: 7, weekly: 4, monthly: 12 };
const made = (takenAt: number, change: Partial<Backup> = {}) => judged<'backup'>(backup('acme', takenAt, change));
/** One at two in the morning, so many days ago. */
const ago = (days: number, change: Partial<Backup> = {}) => made(Date.UTC(2026, 10, 23, 2) - days * DAY_MS, change);
const daysOf = (backups: readonly Backup[]) =>
  backups.map(({ takenAt }) => new Date(takenAt).toISOString().slice(0, 10));

describe('a rule of retention', () => {
  it('keeps the newest of each of so many days, weeks and months', () => {
    const nightly = Array.from({ length: 400 }, (_, days) => ago(days));
    const old = new Set(beyond(nightly, RULE, NOW));
    // Sunday is the last day of a week; the last day of a month is its newest.
    expect(daysOf(nightly.filter(one => !old.has(one)))).toEqual([
      ...['23', '22', '21', '20', '19', '18', '17', '15', '08'].map(day => `2026-11-${day}`),
      ...['2026-10-31', '2026-09-30', '2026-08-31', '2026-07-31', '2026-06-30', '2026-05-31'],
      ...['2026-04-30', '2026-03-31', '2026-02-28', '2026-01-31', '2025-12-31'],
    ]);
  });

  it('keeps the newest whole one, whatever the rule says', () => {
    const nothing = { daily: 0, weekly: 0, monthly: 0 };
    const [broken, whole, older] = [ago(1, { dataBytes: 0 }), ago(2), ago(3)] as const;
    expect(beyond([older, broken, whole], nothing, NOW)).toEqual([older]);
  });

  it('takes no broken backup for one that a day, a week or a month has', () => {
    const morning = ago(5);
    const evening = made(morning.takenAt + DAY_MS / 2, { databaseBytes: null });
    const kept = beyond([ago(0), morning, evening], { daily: 3, weekly: 0, monthly: 0 }, NOW);
    expect(kept).toEqual([evening]);
  });

  it('offers none of a database that has no whole one', () => {
    expect(beyond([ago(100, { dataBytes: 0 }), ago(200, { databaseBytes: 0 })], RULE, NOW)).toEqual([]);
  });

  it('leaves alone what is being written, and what comes from the future', () => {
    const writing = made(NOW - 10 * DAY_MS, { writtenAt: NOW - 5_000, dataBytes: null });
    const early = made(NOW + DAY_MS);
    expect(beyond([writing, early, ago(0)], { daily: 1, weekly: 0, monthly: 0 }, NOW)).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('of a random past keeps what a slow reader keeps (seed %i)', seed => {
    const random = new Random(seed);
    const rule = { daily: random.integer(0, 9), weekly: random.integer(0, 6), monthly: random.integer(0, 14) };
    const past = Array.from({ length: random.integer(1, 300) }, () =>
      made(NOW - Math.floor(random.between(1 / 24, 500) * DAY_MS), random.chance(0.15) ? { dataBytes: 0 } : {}),
    );
    expect(new Set(beyond(past, rule, NOW))).toEqual(new Set(past.filter(one => !slowlyKept(one, past, rule))));
  });
});

/** By going through the calendar day by day, week by week and month by month, from the newest. */
function slowlyKept(one: Backup, past: readonly Backup[], rule: Retention): boolean {
  const whole = past.filter(({ dataBytes }) => dataBytes !== 0);
  const newest = Math.max(...whole.map(({ takenAt }) => takenAt));
  if (whole.length === 0) return true;
  if (one.dataBytes === 0) return one.takenAt > newest;
  if (one.takenAt === newest) return true;
  const begins = [dayOf, weekOf, monthOf];
  return begins.some((beginOf, index) => {
    const begin = beginOf(one.takenAt);
    const isLast = whole.every(({ takenAt }) => beginOf(takenAt) !== begin || takenAt <= one.takenAt);
    const newer = new Set(whole.map(({ takenAt }) => beginOf(takenAt)).filter(other => other > begin));
    return isLast && newer.size < [rule.daily, rule.weekly, rule.monthly][index]!;
  });
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const monthOf = (at: number) => new Date(at).toISOString().slice(0, 7);
function weekOf(at: number): string {
  const day = new Date(at);
  while (day.getUTCDay() !== 1) day.setUTCDate(day.getUTCDate() - 1);
  return dayOf(day.getTime());
}

it('never sees what a link in the folder of backups leads to', async () => {
  const root = mkdtempSync(join(tmpdir(), 'backups-'));
  const [inside, outside] = [join(root, 'active'), join(root, 'elsewhere')];
  for (const folder of [inside, outside]) mkdirSync(folder);
  writeFileSync(join(outside, 'precious'), 'do not remove');
  symlinkSync(join(outside, 'precious'), join(inside, 'acme_20250101_020000_database.sql'));
  symlinkSync(outside, join(inside, 'acme_20250101_020000_data.tar.gz'));
  writeFileSync(join(inside, 'acme_20261123_020000_database.sql'), 'x');
  const pattern = /^(?<database>.+)_(?<taken>\d{8}_\d{6})_(?<part>database|data)\.(?:sql|tar\.gz)$/;
  const folder = { source: 'cephfs', directory: inside, pattern };
  const found = await readBackups(runLocal, folder, { deadlineMs: 20_000, signal: new AbortController().signal });
  expect([...found.values()].map(({ seen }) => seen.name)).toEqual(['acme_20261123_020000']);
  rmSync(root, { recursive: true });
});
