import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../src/demo/postgres/server.ts';
import { TeamOptions } from '../../src/team/options.ts';
import { NeedsAdministrator, openTeamStore } from '../../src/team/postgres.ts';
import { chain, writer } from '../helpers/chains.ts';
import { PASSWORD, postgresServers, type Servers } from '../helpers/postgres-server.ts';
import { chainsContract } from '../store/chains.contract.ts';

let servers: Servers;
let server: Server;
let made = 0;
beforeAll(async () => {
  process.env.QD_TEAM_TEST_PASSWORD = PASSWORD;
  servers = await postgresServers();
  server = await servers.start({ maxConnections: 40 });
}, 60_000);
afterAll(() => servers?.close());

const optionsFor = (more: Record<string, unknown>): TeamOptions =>
  TeamOptions.parse({
    host: '127.0.0.1',
    port: server.port,
    user: 'postgres',
    password: { env: 'QD_TEAM_TEST_PASSWORD' },
    database: 'postgres',
    ...more,
  });
const open = (options: TeamOptions) => openTeamStore(options, AbortSignal.timeout(10_000));

describe('in PostgreSQL', () => {
  chainsContract(async () => {
    const schema = `team_${made++}`;
    const [one, other] = await Promise.all([open(optionsFor({ schema })), open(optionsFor({ schema }))]);
    return {
      one,
      other,
      tamper: async sql => void (await server.query(sql.replace('$rows', `${schema}.records`))),
      close: async () => {
        one.close();
        other.close();
      },
    };
  });
});

describe('rights', () => {
  it('a role that may not make the tables is told what an administrator has to run, and that suffices', async () => {
    await server.query(`CREATE ROLE "Ana's" LOGIN PASSWORD '${PASSWORD}'`);
    const options = optionsFor({ schema: 'shared', user: "Ana's" });
    const refusal = await open(options).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NeedsAdministrator);
    const { sql, trouble } = refusal as NeedsAdministrator;
    expect(sql[0]).toBe('CREATE SCHEMA IF NOT EXISTS shared;');
    expect(trouble).toMatchObject({ on: `127.0.0.1:${server.port} · postgres.shared`, why: /may not make them/ });
    for (const statement of sql) await server.query(statement);

    const store = await open(options);
    await store.add(writer(), chain(3));
    expect(await store.heads()).toHaveLength(1);
    store.close();
    const role = await server.connect({ database: 'postgres', user: "Ana's", password: PASSWORD });
    for (const change of [
      "UPDATE shared.records SET body = ''",
      'DELETE FROM shared.records',
      'DROP TABLE shared.records',
    ])
      await expect(role.query(change)).rejects.toThrow(/permission denied|must be owner/);
    await role.end();
  });

  it('a second role needs the grants only', async () => {
    await server.query(`CREATE ROLE bob LOGIN PASSWORD '${PASSWORD}'`);
    const options = optionsFor({ schema: 'shared', user: 'bob' });
    const refusal = await open(options).catch((error: unknown) => error);
    const { sql } = refusal as NeedsAdministrator;
    expect(sql).toEqual([
      'GRANT USAGE ON SCHEMA shared TO "bob";',
      'GRANT SELECT, INSERT ON shared.writers, shared.records TO "bob";',
    ]);
    for (const statement of sql) await server.query(statement);
    (await open(options)).close();
  });

  it('a wrong password is said without it', async () => {
    process.env.QD_TEAM_TEST_WRONG = 'sesame-4711';
    const error = await open(optionsFor({ password: { env: 'QD_TEAM_TEST_WRONG' } })).catch(String);
    expect(error).toMatch(/password authentication failed/);
    expect(error).not.toContain('sesame');
  });
});

it('who listens hears that something was added', async () => {
  const options = optionsFor({ schema: 'news' });
  const [one, other] = [await open(options), await open(options)];
  const heard = Promise.withResolvers<void>();
  await other.listen(heard.resolve);
  await one.add(writer(), chain(1));
  await heard.promise;
  one.close();
  other.close();
});
