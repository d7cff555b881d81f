import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultCacheDir, takeFolder } from '../../../src/demo/postgres/folder.ts';

const ours = { prefix: [], ids: {}, foreign: false };
const before = process.env.TMPDIR;
let home: string;
let cacheDir: string;

beforeEach(() => {
  process.env.TMPDIR = before ?? '';
  home = mkdtempSync(join(before ?? tmpdir(), 'qd-test-folder-'));
  cacheDir = join(home, 'cache');
  process.env.TMPDIR = home;
});

afterEach(() => {
  rmSync(home, { recursive: true });
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
});

describe('the folder of the servers', () => {
  it('stands in the cache of the user', () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/quarterdeck/demo');
    expect(defaultCacheDir({})).toMatch(/\/\.cache\/quarterdeck\/demo$/);
  });

  it('keeps its password to the user and for the next time', async () => {
    const first = await takeFolder(cacheDir, 'key', ours);
    expect(statSync(first.secretFile).mode & 0o777).toBe(0o600);
    expect(statSync(first.data).mode & 0o777).toBe(0o700);
    expect(first.secret).toMatch(/^[\w-]{32}$/);
    await first.release();
    const again = await takeFolder(cacheDir, 'key', ours);
    expect(again).toMatchObject({ path: first.path, secret: first.secret, temporary: false });
    await again.release();
  });

  it('is complete only when it was said so, and no more when it was emptied', async () => {
    const folder = await takeFolder(cacheDir, 'key', ours);
    writeFileSync(join(folder.data, 'half'), '');
    expect(folder.isComplete()).toBe(false);
    await folder.complete();
    expect(folder.isComplete()).toBe(true);
    await folder.empty();
    expect(folder.isComplete()).toBe(false);
    expect(readdirSync(folder.data)).toEqual([]);
    await folder.release();
  });

  it('is a temporary one while another demo has it', async () => {
    const first = await takeFolder(cacheDir, 'key', ours);
    const second = await takeFolder(cacheDir, 'key', ours);
    expect(second.temporary).toBe(true);
    expect(dirname(second.path)).toBe(home);
    expect(second.secret).not.toBe(first.secret);
    await second.release();
    expect(existsSync(second.path)).toBe(false);
    await first.release();
    expect(existsSync(first.path)).toBe(true);
  });

  it('is a temporary one where the cache cannot be written', async () => {
    writeFileSync(cacheDir, 'a file');
    const folder = await takeFolder(cacheDir, 'key', ours);
    expect(folder.temporary).toBe(true);
    await folder.release();
  });

  it('is a temporary one that others can pass when the servers run as somebody else', async () => {
    const folder = await takeFolder(cacheDir, 'key', { ...ours, foreign: true });
    expect(folder.temporary).toBe(true);
    expect(statSync(folder.path).mode & 0o777).toBe(0o755);
    await folder.release();
  });

  it('removes what nobody holds and leaves what somebody holds', async () => {
    const old = await takeFolder(cacheDir, 'old', ours);
    await old.release();
    const held = await takeFolder(cacheDir, 'held', ours);
    const lost = join(home, 'quarterdeck-demo-lost');
    const foreign = join(home, 'something-else');
    mkdirSync(lost);
    mkdirSync(foreign);
    const folder = await takeFolder(cacheDir, 'key', ours);
    await folder.tidy();
    expect(readdirSync(cacheDir).sort()).toEqual(['held', 'key']);
    expect(existsSync(lost)).toBe(false);
    expect(existsSync(foreign)).toBe(true);
    await held.release();
    await folder.release();
  });
});
