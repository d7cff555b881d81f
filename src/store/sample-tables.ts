import type { DatabaseSync } from 'node:sqlite';
import {
  DAY_MS,
  MINUTE_MS,
  MOST_SERIES,
  type Point,
  type Sample,
  type SeriesKey,
  STEPS,
  type StepMs,
} from '../model/series.ts';
import { openDatabase } from './database.ts';

/** A series that was not added to for so long makes room for a new one, when there are as many as may be. */
const IDLE_MS = DAY_MS;
/** When a series was last added to is written no more often than this. */
const SEEN_MS = 3_600_000;
/** Another program that writes at this moment is waited for so long. */
const BUSY_MS = 5_000;
/** What one call does at most of work that can wait. */
const MOST_EVICTED = 10;
const MOST_PRUNED = 3;

/**
 * The samples in the store: a row for each series and slot of time, by slot, so that what is written together stands
 * together. The first value in a minute counts, and goes into its five minutes and its day at once: two programs that
 * watch one platform, or a clock that is set back, add nothing twice.
 *
 * Its calls wait for the disk: only a thread of its own may make them (`samples-worker.ts`).
 */
export class SampleTables {
  readonly #database: DatabaseSync;
  readonly #mostSeries: number;

  constructor(path: string, mostSeries = MOST_SERIES) {
    this.#database = openDatabase(path, BUSY_MS);
    this.#mostSeries = mostSeries;
  }

  add(at: number, samples: readonly Sample[]): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const ids = this.#idsOf(at, samples);
      for (const { stepMs, kept } of STEPS) this.#makeSlot(stepOf(stepMs), slotOf(at, stepMs), kept);
      const first = this.#database.prepare(FIRST);
      const merge = this.#database.prepare(MERGE);
      const [minute, ...coarser] = STEPS.map(({ stepMs }) => ({ step: stepOf(stepMs), slot: slotOf(at, stepMs) }));
      for (const sample of samples) {
        const id = ids.get(nameOf(sample));
        if (id === undefined || !minute) continue;
        const value = shortened(sample.value);
        if (first.run(minute.step, minute.slot, id, value).changes === 0) continue;
        for (const { step, slot } of coarser) merge.run(step, slot, id, value);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  points({ id, metric }: SeriesKey, from: number, to: number, stepMs: StepMs): Point[] {
    const rows = this.#database.prepare(POINTS);
    return rows.all(stepOf(stepMs), slotOf(from, stepMs), slotOf(to, stepMs), id, metric).map(row => ({
      at: Number(row.slot) * stepMs,
      mean: Number(row.mean),
      min: Number(row.min),
      max: Number(row.max),
      count: Number(row.count),
    }));
  }

  close(): void {
    this.#database.close();
  }

  /** The rows of the series by name, made where there is room for them; what has no room has none here. */
  #idsOf(at: number, samples: readonly Sample[]): Map<string, number> {
    const rows = this.#database.prepare('SELECT id, noun, metric, seen FROM sample_series').all();
    const ids = new Map(rows.map(({ id, noun, metric }) => [`${metric} ${noun}`, Number(id)]));
    const seen = new Map(rows.map(row => [Number(row.id), Number(row.seen)]));
    const touch = this.#database.prepare('UPDATE sample_series SET seen = ? WHERE id = ?');
    const wanted = new Set<number>();
    const strangers: Sample[] = [];
    for (const sample of samples) {
      const id = ids.get(nameOf(sample));
      if (id === undefined) strangers.push(sample);
      else {
        wanted.add(id);
        if (Math.abs(at - (seen.get(id) ?? 0)) >= SEEN_MS) touch.run(at, id);
      }
    }
    const idle = [...seen].filter(([id, seen]) => !wanted.has(id) && Math.abs(at - seen) >= IDLE_MS);
    const overdue = idle.sort(([, a], [, b]) => a - b).slice(0, MOST_EVICTED);
    const insert = this.#database.prepare('INSERT INTO sample_series (noun, metric, seen) VALUES (?, ?, ?)');
    let room = this.#mostSeries - rows.length;
    for (const sample of strangers) {
      const [oldest] = room > 0 ? [] : overdue.splice(0, 1);
      if (oldest) this.#evict(oldest[0]);
      else if (room-- <= 0) break;
      ids.set(nameOf(sample), Number(insert.run(sample.id, sample.metric, at).lastInsertRowid));
    }
    return ids;
  }

  #evict(id: number): void {
    const row = this.#database.prepare('DELETE FROM samples WHERE step = ? AND slot = ? AND series = ?');
    for (const { step, slot } of this.#database.prepare('SELECT step, slot FROM sample_slots').all())
      row.run(Number(step), Number(slot), id);
    this.#database.prepare('DELETE FROM sample_series WHERE id = ?').run(id);
  }

  /**
   * Of slots that are too many, those go that lie farthest from now: mostly the oldest, and after a clock that ran ahead
   * what it left in the future. So a clock that is wrong for a while costs as much as it wrote.
   */
  #makeSlot(step: number, slot: number, kept: number): void {
    const made = this.#database.prepare('INSERT OR IGNORE INTO sample_slots (step, slot) VALUES (?, ?)');
    if (made.run(step, slot).changes === 0) return;
    const count = this.#database.prepare('SELECT count(*) AS count FROM sample_slots WHERE step = ?').get(step);
    const excess = Math.min(MOST_PRUNED, Number(count?.count) - kept);
    for (let n = 0; n < excess; n++) {
      const ends = this.#database.prepare(
        'SELECT min(slot) AS first, max(slot) AS last FROM sample_slots WHERE step = ?',
      );
      const { first, last } = ends.get(step) as { first: number; last: number };
      const farthest = last - slot > slot - first ? last : first;
      for (const table of ['samples', 'sample_slots'])
        this.#database.prepare(`DELETE FROM ${table} WHERE step = ? AND slot = ?`).run(step, farthest);
    }
  }
}

const slotOf = (at: number, stepMs: number): number => Math.floor(at / stepMs);
/** Steps stand in the tables in minutes. */
const stepOf = (stepMs: number): number => stepMs / MINUTE_MS;
const nameOf = ({ id, metric }: SeriesKey): string => `${metric} ${id}`;
/** A whole number takes a quarter of the room: from 100 on, nobody misses what is behind the point. */
const shortened = (value: number): number => (Math.abs(value) < 100 ? value : Math.round(value));

const FIRST = 'INSERT OR IGNORE INTO samples (step, slot, series, sum, count) VALUES (?, ?, ?, ?, 1)';

/** Least and greatest of one value are its sum: they stand there from the second on. */
const MERGE = `
  INSERT INTO samples (step, slot, series, sum, count) VALUES (?, ?, ?, ?, 1)
  ON CONFLICT (step, slot, series) DO UPDATE SET
    min = min(coalesce(min, sum), excluded.sum),
    max = max(coalesce(max, sum), excluded.sum),
    sum = sum + excluded.sum,
    count = count + 1`;

/** Slot by slot: the rows of one series stand far from each other. */
const POINTS = `
  SELECT slots.slot, sum / count AS mean, coalesce(min, sum) AS min, coalesce(max, sum) AS max, count
  FROM (SELECT step, slot FROM sample_slots WHERE step = ? AND slot BETWEEN ? AND ? ORDER BY slot) slots
  CROSS JOIN samples s ON s.step = slots.step AND s.slot = slots.slot
    AND s.series = (SELECT id FROM sample_series WHERE noun = ? AND metric = ?)`;
