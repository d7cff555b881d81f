import { describe, expect, test } from 'vitest';
import { fromEnvironment } from '../../../src/sources/postgres/environment.ts';
import { PostgresOptions } from '../../../src/sources/postgres/options.ts';

const problems = (more: Record<string, unknown>) =>
  PostgresOptions.safeParse({ kind: 'postgres', ...more }).error?.issues.map(issue => issue.message) ?? [];

describe('the profile', () => {
  test('may say little', () => {
    expect(PostgresOptions.parse({ kind: 'postgres', platform: { host: 'db', user: 'ops' } })).toMatchObject({
      everySeconds: 10,
      platform: { database: 'instance', tables: { servers: 'db_servers', instances: 'instances' } },
    });
  });

  test.each([
    [{}, 'give platform, or pools.servers'],
    [{ platform: { user: 'ops' } }, 'give exactly one of host, portForward and exec'],
    [
      { platform: { user: 'ops', host: 'db', exec: { docker: { service: 'db' } } } },
      'give exactly one of host, portForward and exec',
    ],
    [{ platform: { user: 'ops', portForward: { namespace: 'a' } } }, 'give either pod or selector'],
    [
      { platform: { user: 'ops', host: 'db', tables: { servers: 'x; drop table y' } } },
      'a table name, or schema.table',
    ],
    [
      { pools: { credentials: 'table', servers: { a: { host: 'a' } } } },
      'pools from the table need platform, whose table it is',
    ],
    [{ pools: { servers: { a: {} } } }, 'a server that is reached directly needs a host'],
    [
      { platform: { host: 'a', user: 'a' }, pools: { via: 'port-forward' } },
      'port-forward needs kubernetes: {namespace}',
    ],
    [
      { platform: { host: 'a', user: 'a' }, pools: { via: 'exec' } },
      'exec needs either kubernetes: {namespace} or docker: {}',
    ],
  ])('is told what is wrong with %j', (more, message) => {
    expect(problems(more)).toContain(message);
  });

  test('cannot hold a password', () => {
    expect(problems({ platform: { host: 'db', user: 'ops', password: 'hunter2' } })).not.toEqual([]);
  });
});

describe('the environment', () => {
  test('names no server when it names none', () => {
    expect(fromEnvironment({})).toBeNull();
    expect(fromEnvironment({ PGUSER: 'ops', PGPASSWORD: 'x' })).toBeNull();
  });

  test('names one server, and where its password is', () => {
    const options = fromEnvironment({
      PGHOST: 'db',
      PGPORT: '6432',
      PGUSER: 'ops',
      PGPASSWORD: 'hunter2',
      PGDATABASE: 'app',
      PGSSLMODE: 'require',
    });
    expect(options?.pools).toMatchObject({
      database: 'app',
      servers: {
        db: { host: 'db', port: 6432, user: 'ops', password: { env: 'PGPASSWORD' }, ssl: { insecure: true } },
      },
    });
    expect(JSON.stringify(options)).not.toContain('hunter2');
  });

  test('may name several', () => {
    expect(fromEnvironment({ PGHOST: 'a,b', PGPORT: '1,2', PGUSER: 'ops' })?.pools?.servers).toMatchObject({
      a: { port: 1 },
      b: { port: 2 },
    });
    expect(Object.keys(fromEnvironment({ PGHOST: 'a,a', PGPORT: '1,2' })?.pools?.servers ?? {})).toEqual(['a', 'a:2']);
  });
});
