import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { PostgresDemo } from '../../../src/demo/postgres/start.ts';

/** A client of the platform's database as the demo's profile says it. */
export async function platformClient({ source: { platform } }: PostgresDemo): Promise<pg.Client> {
  const file = platform?.password && 'file' in platform.password ? platform.password.file : '';
  return connect({
    port: platform?.port ?? 0,
    user: platform?.user ?? '',
    password: readFileSync(file, 'utf8'),
    database: 'instance',
  });
}

/** A client of a pool with what the platform's table says about it. */
export async function poolClient(demo: PostgresDemo, name: string, database = 'postgres'): Promise<pg.Client> {
  const platform = await platformClient(demo);
  const { rows } = await platform.query('SELECT admin_user, admin_password FROM db_servers WHERE name = $1', [name]);
  await platform.end();
  return connect({
    port: Number(demo.source.pools?.addresses?.[name]?.split(':')[1]),
    user: rows[0].admin_user,
    password: rows[0].admin_password,
    database,
  });
}

export async function connect(login: { port: number; user: string; password: string; database: string }) {
  const client = new pg.Client({ host: '127.0.0.1', connectionTimeoutMillis: 1_500, ...login });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Why nobody gets in. */
export async function refusal(port: number): Promise<{ code?: string; message: string }> {
  return connect({ port, user: 'anybody', password: 'x', database: 'postgres' }).then(
    () => ({ message: 'it let us in' }),
    error => error,
  );
}

export function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
