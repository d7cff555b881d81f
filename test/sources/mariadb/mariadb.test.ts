import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MariadbDemo, serveMariadb, USER } from '../../../src/demo/mariadb/server.ts';
import { createMariadb } from '../../../src/sources/mariadb/index.ts';
import { MariadbOptions } from '../../../src/sources/mariadb/options.ts';
import type { Source } from '../../../src/sources/source.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';

const NOTICED = { timeout: 15_000, interval: 50 };
const SECRET = 'hush-hush-4711';

let folder: string;
let demo: MariadbDemo;
let sink: RecordingSink;
let source: Source | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-mariadb-'));
  writeFileSync(join(folder, 'password'), SECRET, { mode: 0o600 });
  demo = await serveMariadb(SECRET);
  sink = new RecordingSink();
});

afterEach(async () => {
  await source?.stop();
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

function watch(servers: Record<string, object>): void {
  source = createMariadb('db', MariadbOptions.parse({ kind: 'mariadb', servers, everySeconds: 1 }));
  source.start(sink);
}

const server = (file = join(folder, 'password')) => ({
  host: demo.host,
  port: demo.port,
  user: USER,
  password: { file },
});

test('is not set up while its password is not to be found, and nobody knocks without it', async () => {
  watch({ billing: server(join(folder, 'nowhere')) });
  await expect.poll(() => sink.phase, NOTICED).toBe('unset');
  expect(sink.trouble).toMatchObject({ what: 'read a secret', why: 'no such file' });
  expect(sink.all('pool')).toMatchObject([{ name: 'billing', up: null, downReason: 'no such file' }]);
  expect(source?.requests).toBe(0);
  writeFileSync(join(folder, 'nowhere'), SECRET);
  await expect.poll(() => [sink.phase, sink.trouble], NOTICED).toEqual(['live', null]);
});

test('one server that is down keeps no other from being watched', async () => {
  const gone = await serveMariadb(SECRET);
  await gone.close();
  watch({ billing: server(), gone: { ...server(), port: gone.port } });
  await expect.poll(() => sink.named('pool', 'gone')?.up, NOTICED).toBe(false);
  await expect.poll(() => sink.named('pool', 'billing')?.up, NOTICED).toBe(true);
  expect(sink.phase).toBe('live');
  await expect
    .poll(() => sink.coverages.get('database'), NOTICED)
    .toMatchObject({ state: 'failed', trouble: { on: 'gone', why: 'connection refused' } });
  await expect.poll(() => sink.all('database').map(({ name }) => name), NOTICED).toEqual(['kaui', 'killbill']);
});

test('tells no tenants, and no drift of them', async () => {
  watch({ billing: server() });
  await expect.poll(() => sink.named('pool', 'billing')?.sizeBytes, NOTICED).toBeTypeOf('number');
  expect(sink.named('pool', 'billing')).toMatchObject({ recorded: null, assigned: null, present: null });
});

test('tells the secret to nobody', async () => {
  demo.password = 'another';
  watch({ billing: server() });
  await expect.poll(() => sink.phase, NOTICED).toBe('refused');
  expect(JSON.stringify([sink.states, sink.events, sink.lines, sink.all('pool')])).not.toContain(SECRET);
});

test.each([
  [{ user: 'a' }, 'give either host or portForward'],
  [{ host: 'h', user: '' }, 'Too small'],
  [{ host: 'h', user: 'a', password: 'hush' }, ''],
  [{ portForward: { namespace: 'n' }, user: 'a' }, 'give either pod or selector'],
])('does not take %j', (one, why) => {
  const { success, error } = MariadbOptions.safeParse({ kind: 'mariadb', servers: { one } });
  expect(success).toBe(false);
  expect(error?.message).toContain(why);
});
