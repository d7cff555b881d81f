import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Client } from '../../src/sources/client.ts';
import { createClient as createKubernetesClient } from '../../src/sources/kubernetes/client.ts';
import { Permit } from '../../src/sources/permit.ts';
import { createClient as createSwarmClient } from '../../src/sources/swarm/client.ts';

const files = globSync(['bin/**/*.{ts,tsx}', 'src/**/*.ts', 'views/**/*.{ts,tsx}', 'hooks/**/*.ts']).filter(
  // The embedded platform is written to, and writes to nobody.
  file => !file.startsWith('src/demo/'),
);
const holding = (pattern: RegExp) => files.filter(file => pattern.test(code(file)));
const code = (file: string) => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

it('only the gateway issues permits to write', () => {
  expect(holding(/Permit\.issue/)).toEqual(['src/actions/gateway.ts']);
});

it('only the gateway and its attempts send through a client', () => {
  expect(holding(/\bclient\.send\(/).sort()).toEqual([
    'src/actions/attempt.ts',
    'src/actions/gateway.ts',
    // What a session is given, by the gateway alone.
    'src/actions/seat.ts',
  ]);
  expect(holding(/= seatFor\(\{/)).toEqual(['src/actions/gateway.ts']);
});

it('only a session’s seat opens streams into what runs there', () => {
  expect(holding(/\bclient\.(execute|connect)\(permit/)).toEqual(['src/actions/seat.ts']);
});

it('only clients make streams, and the readers that are named here', () => {
  expect(holding(/\.upgrade\(/)).toEqual(['src/sources/swarm/execute.ts']);
  expect(holding(/\bopenChannel\(/).sort()).toEqual(['src/sources/kube-stream.ts', 'src/sources/kubernetes/api.ts']);
  expect(holding(/\bapi\.open\(/).sort()).toEqual(STREAMING);
  expect(holding(/new PodDoor\(/).sort()).toEqual([
    // Its argument lists are checked to be reading.
    'src/sources/exec-read.ts',
    'src/sources/mariadb/session.ts',
    // Sessions that are read-only, but for that of the team's store.
    'src/sources/postgres/way.ts',
  ]);
});

it('only the team’s store writes to a PostgreSQL, and only into its own tables', () => {
  expect(holding(/\bconnect\(login,/).sort()).toEqual(['src/sources/postgres/session.ts', 'src/team/postgres.ts']);
  expect(code('src/sources/postgres/session.ts')).toContain('default_transaction_read_only=on');
  const written = [
    ...code('src/team/postgres.ts').matchAll(/INSERT INTO \$\{schema\}(\S+)|\b(?:UPDATE|DELETE|TRUNCATE|DROP) /g),
  ];
  expect(written.map(([, table]) => table).sort()).toEqual(['.records', '.writers']);
});

it('only the gateway runs commands that change something', () => {
  expect(holding(/(?<!#)\brunCommand\(/).sort()).toEqual(['src/actions/gateway.ts', 'src/sources/run-command.ts']);
  expect(
    holding(/node:child_process|from 'execa'|import\('execa'\)/).filter(file => file.startsWith('src/actions/')),
  ).toEqual([]);
});

it('only clients speak the words that change something, and what asks by a POST', () => {
  const spoken = holding(/method: ?'(POST|PUT|PATCH|DELETE)'/).filter(file => !file.startsWith('src/actions/'));
  expect(spoken.sort()).toEqual([
    'src/sources/client.ts',
    // An access review is a POST that stores nothing.
    'src/sources/kubernetes/client.ts',
    // The begin of a command in a container, under a permit; what it is refused without is tested below.
    'src/sources/swarm/engine.ts',
    'src/sources/swarm/execute.ts',
  ]);
});

it('no verb and no edit carries a permit of its own', () => {
  expect(holding(/permit/i).filter(file => file.startsWith('src/actions/verbs/'))).toEqual([]);
});

/** Each of them asks for the permit first; the last test calls it. */
const STREAMING = ['src/sources/kubernetes/connect.ts', 'src/sources/kubernetes/execute.ts'];

const unreachable = {} as never;
const clients: Record<string, Client> = {
  kubernetes: createKubernetesClient({ context: { name: 'x', server: null, user: null } } as never),
  swarm: createSwarmClient(() => unreachable),
};

it.each(Object.keys(clients))('%s refuses a permit whose action has ended, before it sends anything', async name => {
  const permit = Permit.issue();
  permit.end();
  const write = { method: 'DELETE', path: '/anything' } as const;
  const soon = AbortSignal.timeout(1_000);
  await expect(clients[name]?.send(permit, write, soon)).rejects.toThrow('has ended');
  const execution = { path: '/anything', command: ['true'], tty: null, out: () => {} };
  await expect(clients[name]?.execute?.(permit, execution, soon)).rejects.toThrow('has ended');
  const connecting = clients[name]?.connect?.(permit, '/anything', 80, soon);
  if (connecting) await expect(connecting).rejects.toThrow('has ended');
});
