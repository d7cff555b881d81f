import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { draftText } from '../../src/actions/draft-text.ts';
import type { GuardRule } from '../../src/actions/guard.ts';
import type { Input } from '../../src/model/deed.ts';
import type { Noun } from '../../src/model/entity.ts';
import { OnDemo } from './on-demo.ts';

// A guard rule on a verb binds whatever comes to the same, by whatever door.

const DEPLOYMENT = 'kubernetes/saasodoo/deployment/user-service';
const SERVICE = 'swarm/service/saasodoo_user-service';

let demo: OnDemo;
const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-test-meaning-'));
beforeAll(async () => {
  demo = await OnDemo.start();
});
afterAll(async () => {
  await demo.close();
  rmSync(folder, { recursive: true });
});

const propose = (verb: string, noun: Noun, input: Input, rules: GuardRule[] = []) =>
  demo.propose(verb, noun, input, demo.gateway({ rules }));
const denies = (verb: string, when?: string): GuardRule[] => [{ verbs: [verb], deny: 'not during the sale', when }];

async function edited(noun: Noun, change: (text: string) => string): Promise<Input> {
  const text = await draftText(noun, await demo.read(noun));
  expect(change(text)).not.toBe(text);
  return written('edit.yaml', change(text));
}

function written(name: string, text: string): Input {
  const file = join(folder, name);
  writeFileSync(file, text);
  return { file };
}

const replicas = (count: number) => (text: string) => text.replace(/^( *)(replicas|Replicas): \d+$/m, `$1$2: ${count}`);
const manifest = (count: number) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: user-service, namespace: saasodoo }
spec: { replicas: ${count} }
`;

it.each([DEPLOYMENT, SERVICE])('an edit of %s that changes how many run is bound as scale is', async id => {
  const noun = await demo.noun(id);
  const input = await edited(noun, replicas(5));
  expect(await propose('edit', noun, input, denies('scale'))).toMatchObject({ refused: 'not during the sale' });
  expect(await propose('edit', noun, input, denies('scale', 'name=another'))).toMatchObject({ refused: null });
  expect(await propose('edit', noun, input, denies('set-image'))).toMatchObject({ refused: null });
});

it('manifests are bound by the rules of each of their objects', async () => {
  const node = await demo.noun('kubernetes/node/vps-1');
  const input = { ...written('a.yaml', manifest(6)), force: 'yes' };
  expect(await propose('apply', node, input, denies('scale', 'name=user-service'))).toMatchObject({
    refused: 'not during the sale',
  });
  expect(await propose('apply', node, input, denies('scale', 'name=billing-service'))).toMatchObject({ refused: null });
  const off = { ...written('b.yaml', manifest(0)), force: 'yes' };
  const { plan, needs } = await propose('apply', node, off);
  expect(needs.confirm).toBe('name');
  expect(plan.notes).toContain('destructive, as scale of user-service');
});

it.each([
  ['set-image', (text: string) => text.replace(/image: (\S+):\S+/, 'image: $1:9')],
  ['set-resources', (text: string) => text.replace(/memory: \d+Mi/, 'memory: 777Mi')],
  ['pause', (text: string) => text.replace(/^spec:$/m, 'spec:\n  paused: true')],
])('an edit is bound by a rule on %s where it does that', async (verb, change) => {
  const noun = await demo.noun(DEPLOYMENT);
  const input = await edited(noun, change);
  expect(await propose('edit', noun, input, denies(verb))).toMatchObject({ refused: 'not during the sale' });
  for (const other of ['scale', 'resume', 'restart']) {
    expect(await propose('edit', noun, input, denies(other))).toMatchObject({ refused: null });
  }
});

it('what only goes through another state is not taken for it', async () => {
  const noun = await demo.noun(DEPLOYMENT);
  expect(await propose('rebuild', noun, {}, denies('scale'))).toMatchObject({
    refused: null,
    plan: { risk: 'disruptive' },
  });
});

it('a drained availability is a drain, and a closed node of Kubernetes cordoned', async () => {
  const ofSwarm = await demo.noun('swarm/node/vps-3');
  const drained = (wanted: string) => propose('availability', ofSwarm, { availability: wanted }, denies('drain'));
  expect(await drained('drain')).toMatchObject({ refused: 'not during the sale' });
  expect(await drained('pause')).toMatchObject({ refused: null });
  const node = await demo.noun('kubernetes/node/vps-2');
  expect(await propose('drain', node, {}, denies('cordon'))).toMatchObject({ refused: 'not during the sale' });
});
