import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FeedEvent } from '../../src/model/event.ts';
import type { Trouble } from '../../src/model/trouble.ts';
import { TroubleError } from '../../src/model/trouble.ts';
import { openStore, openStoreOrTell, type Store } from '../../src/store/store.ts';
import { event, NOW } from '../filter/nouns.ts';

let folder: string;
let path: string;
const opened: Store[] = [];
const open = (...args: Parameters<typeof openStore>) => {
  const store = openStore(...args);
  opened.push(store);
  return store;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-store-'));
  path = join(folder, 'state', 'prod.sqlite');
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(folder, { recursive: true });
});

const numbered = (n: number, change: Partial<FeedEvent> = {}): FeedEvent =>
  event({ key: `k${n}`, id: `event/${n}`, at: NOW + n, firstAt: NOW + n, count: 1, ...change });
const keys = (events: FeedEvent[]) => events.map(({ key }) => key);

test('what was appended outlives the program', () => {
  const first = openStore(path);
  first.append([numbered(1), numbered(2)]);
  first.prefer('mouse', 'off');
  first.close();
  const second = open(path);
  expect(keys(second.query())).toEqual(['k1', 'k2']);
  expect(second.query()[0]).toEqual({ ...numbered(1), id: 'k1' });
  expect(second.preference('mouse')).toBe('off');
  second.prefer('mouse', null);
  expect(second.preference('mouse')).toBeNull();
});

test('it is for this user alone', () => {
  open(path).append([numbered(1)]);
  open(path).query();
  for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
});

test('the same key is one event with the higher count, the first beginning and the newest words', () => {
  const store = open(path);
  store.append([numbered(1, { count: 3, at: NOW + 50, message: 'new' })]);
  store.query();
  store.append([numbered(1, { count: 2, at: NOW + 60, firstAt: NOW - 5, message: 'newer' })]);
  expect(store.query()).toMatchObject([{ count: 3, at: NOW + 60, firstAt: NOW - 5, message: 'newer' }]);
});

test('the newest of a time and a filter, oldest first', () => {
  const store = open(path);
  store.append(Array.from({ length: 20 }, (_, n) => numbered(n, { severity: n % 2 ? 'bad' : 'info' })));
  expect(keys(store.query({ since: NOW + 17 }))).toEqual(['k17', 'k18', 'k19']);
  expect(keys(store.query({ limit: 2 }))).toEqual(['k18', 'k19']);
  expect(keys(store.query({ limit: 2, filter: e => e.severity === 'bad' }))).toEqual(['k17', 'k19']);
});

test('50,000 events and 30 days at most', () => {
  const store = open(path, { now: () => NOW });
  store.append([numbered(0, { key: 'old', at: NOW - 31 * 86_400_000 }), numbered(0, { key: 'young' })]);
  expect(keys(store.query())).toEqual(['young']);
  for (let n = 0; n < 55_000; n += 5_000) {
    store.append(Array.from({ length: 5_000 }, (_, i) => numbered(n + i + 1)));
    store.query({ limit: 0 });
  }
  const kept = store.query({ limit: 100_000 });
  expect(kept).toHaveLength(50_000);
  expect(kept.at(-1)?.key).toBe('k55000');
  expect(kept[0]?.key).toBe('k5001');
});

test('it writes by itself a moment later', async () => {
  const store = open(path);
  store.append([numbered(1)]);
  await vi.waitFor(
    () => {
      const other = new DatabaseSync(path, { readOnly: true });
      const count = other.prepare('SELECT count(*) AS n FROM events').get()?.n;
      other.close();
      expect(count).toBe(1);
    },
    { timeout: 10_000 },
  );
});

test('two programs at once, each with the events of both', async () => {
  const program = `
    import { openStore } from ${JSON.stringify(new URL('../../src/store/store.ts', import.meta.url).href)};
    const [path, from] = process.argv.slice(1);
    const store = openStore(path);
    for (let n = 0; n < 50; n++) {
      store.append([{ key: from + n, id: 'x', at: Date.now(), firstAt: Date.now(), severity: 'info', source: 's',
        about: null, subject: 's', reason: 'r', message: 'm', count: 1 }]);
      store.query({ limit: 1 });
    }
    store.close();`;
  const run = (from: string) =>
    promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', program, path, from]);
  await Promise.all([run('a'), run('b'), run('c')]);
  expect(open(path).query()).toHaveLength(150);
});

describe('what goes wrong', () => {
  const trouble = (work: () => unknown): Trouble => {
    try {
      work();
    } catch (error) {
      if (error instanceof TroubleError) return error.trouble;
      throw error;
    }
    throw new Error('it went well');
  };

  test('a file that is no store', () => {
    path = join(folder, 'x.sqlite');
    writeFileSync(path, 'This is no database. '.repeat(100));
    expect(trouble(() => open(path))).toMatchObject({ why: expect.stringMatching(/not a database/), on: path });
  });

  test('a store of a newer program stays as it is', () => {
    openStore(path).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(trouble(() => open(path)).why).toMatch(/newer Quarterdeck/);
  });

  test('the program runs on without one, and says so', () => {
    writeFileSync(join(folder, 'file'), '');
    const told: Trouble[] = [];
    const store = openStoreOrTell(join(folder, 'file', 'prod.sqlite'), trouble => told.push(trouble));
    opened.push(store);
    expect(told).toMatchObject([{ what: 'open the event store', fix: expect.stringMatching(/XDG_STATE_HOME/) }]);
    store.append([numbered(1)]);
    expect(keys(store.query())).toEqual(['k1']);
  });

  test('a store that another holds is told once, loses nothing, and goes on', () => {
    const told: Trouble[] = [];
    const store = open(path, { onTrouble: trouble => told.push(trouble) });
    store.append([numbered(1)]);
    store.query();
    const other = new DatabaseSync(path);
    other.exec('BEGIN EXCLUSIVE');
    store.append([numbered(2)]);
    expect(keys(store.query())).toEqual(['k1']);
    store.append([numbered(3)]);
    expect(keys(store.query())).toEqual(['k1']);
    expect(told).toHaveLength(1);
    expect(told[0]?.why).toMatch(/locked/);
    other.exec('ROLLBACK');
    other.close();
    expect(keys(store.query())).toEqual(['k1', 'k2', 'k3']);
  });
});
