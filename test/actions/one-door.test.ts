import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createCephfs } from '../../src/sources/cephfs/index.ts';
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

it('only the client of CephFS runs what changes a directory, and only inside of it', () => {
  expect(holding(/\bchange\(permit,/).sort()).toEqual(['src/sources/cephfs/client.ts', 'src/sources/cephfs/reader.ts']);
  expect(holding(/\bpermitted\(/).sort()).toEqual([
    'src/sources/cephfs/reader.ts',
    'src/sources/exec-read.ts',
    'src/sources/runner.ts',
  ]);
  expect(holding(/-delete'|'setfattr', '-n'/).sort()).toEqual([
    // As the operator would type it, and as it is refused where only reading is asked for.
    'src/actions/verbs/empty.ts',
    'src/actions/verbs/quota.ts',
    'src/sources/cephfs/client.ts',
  ]);
  expect(code('src/sources/cephfs/client.ts')).toMatch(/list = inside\([\s\S]*change\(permit, list,/);
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

it('nobody else reaches anything outside of this program', () => {
  expect(files.filter(file => DOORS.test(untyped(file))).sort()).toEqual([...REACHING].sort());
});

it.each([
  'await fetch(url, { method: verb })',
  "import http from 'node:http';",
  "const { request } = await import('node:https');",
  "import { connect } from 'node:net';",
  'import Docker from "dockerode";',
  "const { default: pg } = await import('pg');",
  "import { execa } from 'execa';",
  "import { spawn } from 'child_process';",
  'new WebSocket(url)',
  "const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');",
])('would notice %s', stray => {
  expect(stray).toMatch(DOORS);
});

it('no verb and no edit carries a permit of its own', () => {
  expect(holding(/permit/i).filter(file => file.startsWith('src/actions/verbs/'))).toEqual([]);
});

/** What leads out of this program: to a network, or to another one. */
const DOORS =
  /(?:from|import\(|require\()\s*['"`](?:(?:node:)?(?:https?|http2|net|tls|dgram|child_process)|execa|dockerode|pg|mysql2|undici|ws|hpagent|socks-proxy-agent|@kubernetes\/client-node)(?:\/[^'"`]*)?['"`]|\bfetch\(|\bnew (?:WebSocket|EventSource)\(/;
/** Types reach nothing. */
const untyped = (file: string) => code(file).replace(/^import type [\s\S]*?from '[^']*';$/gm, '');

const REACHING = [
  // Systems: by their clients, which ask for a permit, and in sessions that only read.
  'src/sources/http/ask.ts',
  'src/sources/kube-stream.ts',
  'src/sources/kubernetes/agents.ts',
  'src/sources/kubernetes/api.ts',
  'src/sources/kubernetes/config.ts',
  'src/sources/kubernetes/first-connection.ts',
  'src/sources/mariadb/session.ts',
  'src/sources/postgres/connect.ts',
  'src/sources/swarm/engine.ts',
  // What runs out, and what a tag stands for: a certificate that is shown, questions by HEAD and GET.
  'src/sources/credential.ts',
  'src/sources/registry.ts',
  // Commands: under a permit; that read, from lists of words that are checked; that bring a secret or a credential.
  'src/sources/kubernetes/exec-plugin.ts',
  'src/sources/lasting-shell.ts',
  'src/sources/run-command.ts',
  'src/sources/run-local.ts',
  'src/sources/secret.ts',
  'src/sources/swarm/ssh.ts',
  // A port of this machine that leads to a pod's.
  'src/actions/verbs/port-forward.ts',
  // The terminal: the operator's own editor and pager, and stty.
  'src/stage/guest.ts',
  'src/stage/job-control.ts',
  // This program again.
  'bin/follow-on.ts',
];

/** Each of them asks for the permit first; the last test calls it. */
const STREAMING = ['src/sources/kubernetes/connect.ts', 'src/sources/kubernetes/execute.ts'];

const unreachable = {} as never;
const clients: Record<string, Client> = {
  kubernetes: createKubernetesClient({ context: { name: 'x', server: null, user: null } } as never),
  swarm: createSwarmClient(() => unreachable),
  cephfs: createCephfs('cephfs', {
    kind: 'cephfs',
    mount: '/nowhere',
    directories: [],
    everySeconds: 15,
  }).client?.() as Client,
};

it.each(Object.keys(clients))('%s refuses a permit whose action has ended, before it sends anything', async name => {
  const permit = Permit.issue();
  permit.end();
  const write = { method: 'DELETE', path: '/anything', body: {} } as const;
  const soon = AbortSignal.timeout(1_000);
  await expect(clients[name]?.send(permit, write, soon)).rejects.toThrow('has ended');
  const execution = { path: '/anything', command: ['true'], tty: null, out: () => {} };
  const executing = clients[name]?.execute?.(permit, execution, soon);
  if (executing) await expect(executing).rejects.toThrow('has ended');
  const connecting = clients[name]?.connect?.(permit, '/anything', 80, soon);
  if (connecting) await expect(connecting).rejects.toThrow('has ended');
});
