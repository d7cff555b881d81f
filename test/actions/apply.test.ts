import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { at } from '../../src/actions/prove.ts';
import type { Noun } from '../../src/model/entity.ts';
import { OnDemo } from './on-demo.ts';

let demo: OnDemo;
let node: Noun;
let folder: string;

beforeEach(async () => {
  demo = await OnDemo.start();
  node = await demo.noun('kubernetes/node/vps-1');
  folder = mkdtempSync(join(tmpdir(), 'apply-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await demo.close();
});

const SECRET = 'demo-not-a-secret-hunter2';
const config = (value: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: saasodoo }
data: { color: ${value} }
`;
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const color = async () =>
  at(await demo.get('kubernetes', '/api/v1/namespaces/saasodoo/configmaps/settings'), ['data', 'color']);

it('shows what would change, changes nothing before, and then does it', async () => {
  const file = write('a.yaml', `${config('red')}---\n`);
  const first = await demo.propose('apply', node, { file });
  expect(first.plan.command).toBe(`kubectl apply --server-side --field-manager=quarterdeck -f ${file}`);
  expect(first.plan.changes).toEqual([{ what: 'configmap/settings', from: 'not there', to: 'created' }]);
  await expect(color()).rejects.toThrow('not found');
  expect(await demo.carryOut(first)).toMatchObject({ outcome: 'done' });
  expect(await color()).toBe('red');

  write('a.yaml', config('blue'));
  const second = await demo.propose('apply', node, { file });
  expect(second.plan.changes).toEqual([{ what: 'configmap/settings data.color', from: 'red', to: 'blue' }]);
  expect(await demo.carryOut(second)).toMatchObject({ outcome: 'done' });
  expect(await color()).toBe('blue');
  expect((await demo.propose('apply', node, { file })).plan.notes).toContain('nothing would change');
});

it('takes a folder, waits for what is rolled out, and shows no secret', async () => {
  const known = await demo.get('kubernetes', '/apis/apps/v1/namespaces/saasodoo/deployments/frontend-service');
  const image = at(known, ['spec', 'template', 'spec', 'containers', '0', 'image']);
  write(
    '1.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata: { name: key, namespace: saasodoo }\nstringData: { k: ${SECRET} }\n`,
  );
  write('2.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [deployment(image)] }));
  const proposal = await demo.propose('apply', node, { file: folder });
  expect(proposal.plan.changes.map(({ what }) => what)).toEqual(['secret/key', 'deployment/newcomer']);
  expect(JSON.stringify({ ...proposal.plan, edits: [] })).not.toContain(SECRET);
  expect(await demo.carryOut(proposal)).toMatchObject({ outcome: 'done' });
  const made = await demo.get('kubernetes', '/apis/apps/v1/namespaces/saasodoo/deployments/newcomer');
  expect(at(made, ['status', 'availableReplicas'])).toBe(2);
});

it('leaves alone what somebody else made meanwhile under the name of a new one', async () => {
  const file = write('a.yaml', config('red'));
  const proposal = await demo.propose('apply', node, { file });
  await demo.write('kubernetes', {
    method: 'POST',
    path: '/api/v1/namespaces/saasodoo/configmaps',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'saasodoo' },
      data: { shape: 'round' },
    },
  });
  expect(await demo.carryOut(proposal)).toMatchObject({
    outcome: 'refused',
    words: 'configmap/settings was not there when this was shown, and is there now',
  });
  expect(await color()).toBe(null);
});

it('leaves what somebody else changed meanwhile', async () => {
  const file = write('a.yaml', config('red'));
  await demo.act('apply', node, { file });
  write('a.yaml', config('blue'));
  const proposal = await demo.propose('apply', node, { file });
  await demo.write('kubernetes', {
    method: 'PATCH',
    path: '/api/v1/namespaces/saasodoo/configmaps/settings',
    type: 'application/merge-patch+json',
    body: { data: { color: 'green' } },
  });
  expect(await demo.carryOut(proposal)).toMatchObject({
    outcome: 'refused',
    words: 'configmap/settings was changed meanwhile: data.color red → green',
  });
  expect(await color()).toBe('green');
  await expect(demo.propose('apply', node, { file })).rejects.toThrow('force=yes takes over what others manage');
  expect(await demo.act('apply', node, { file, force: 'yes' })).toMatchObject({ outcome: 'done' });
  expect(await color()).toBe('blue');
});

it('does not call it refused when some of it was written', async () => {
  const other = config('red').replace('settings', 'others');
  const file = write('a.yaml', `${config('red')}---\n${other}`);
  await demo.act('apply', node, { file });
  write('a.yaml', `${config('blue')}---\n${other.replace('red', 'blue')}`);
  const proposal = await demo.propose('apply', node, { file });
  await demo.write('kubernetes', { method: 'DELETE', path: '/api/v1/namespaces/saasodoo/configmaps/others' });
  expect(await demo.carryOut(proposal)).toMatchObject({
    outcome: 'failed',
    words: expect.stringMatching(/^1 of 2 written; then: /),
  });
  expect(await color()).toBe('blue');
});

it('says which right is missing, and what cannot be read', async () => {
  const file = write('a.yaml', config('red'));
  demo.platform.kubernetes.rights = 'view';
  await expect(demo.propose('apply', node, { file })).rejects.toThrow(/may not|cannot patch/);
  await expect(demo.propose('apply', node, { file: join(folder, 'no.yaml') })).rejects.toThrow('ENOENT');
  const broken = write('b.yaml', `password: "${SECRET}\nx: [`);
  const error = await demo.propose('apply', node, { file: broken }).catch(error => error as Error);
  expect(String(error)).toMatch(/b\.yaml: line \d+ is no YAML/);
  expect(String(error)).not.toContain(SECRET);
  await expect(demo.propose('apply', node, { file: write('c.yaml', 'kind: Pod\n') })).rejects.toThrow('no apiVersion');
});

function deployment(image: unknown): object {
  const labels = { app: 'newcomer' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'newcomer', namespace: 'saasodoo' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } },
    },
  };
}
