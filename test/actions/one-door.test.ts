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
  expect(holding(/\bclient\.send\(/).sort()).toEqual(['src/actions/attempt.ts', 'src/actions/gateway.ts']);
});

it('only clients speak the words that change something, and what asks by a POST', () => {
  const spoken = holding(/method: ?'(POST|PUT|PATCH|DELETE)'/).filter(file => !file.startsWith('src/actions/'));
  expect(spoken.sort()).toEqual([
    'src/sources/client.ts',
    // An access review is a POST that stores nothing.
    'src/sources/kubernetes/client.ts',
  ]);
});

it('no verb and no edit carries a permit of its own', () => {
  expect(holding(/permit/i).filter(file => file.startsWith('src/actions/verbs/'))).toEqual([]);
});

const unreachable = {} as never;
const clients: Record<string, Client> = {
  kubernetes: createKubernetesClient({ context: { name: 'x', server: null, user: null } } as never),
  swarm: createSwarmClient(() => unreachable),
};

it.each(Object.keys(clients))('%s refuses a permit whose action has ended, before it sends anything', async name => {
  const permit = Permit.issue();
  permit.end();
  const write = { method: 'DELETE', path: '/anything' } as const;
  await expect(clients[name]?.send(permit, write, AbortSignal.timeout(1_000))).rejects.toThrow('has ended');
});
