import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { draftText } from '../../src/actions/draft-text.ts';
import { at } from '../../src/actions/prove.ts';
import { objectNamed } from '../../src/cli/objects.ts';
import type { KubeObject } from '../../src/model/entity.ts';
import { objectFrom, pathOfObject } from '../../src/model/object-id.ts';
import { landmarksOf } from '../../src/model/reveal.ts';
import { MASK } from '../../src/model/secrets.ts';
import type { Catalogue, ObjectKind } from '../../src/sources/catalogue.ts';
import { createKubernetes } from '../../src/sources/kubernetes/index.ts';
import { optionsOf } from '../contract/embedded.ts';
import { OnDemo } from './on-demo.ts';

const NOW = () => AbortSignal.timeout(30_000);
let demo: OnDemo;
let folder: string;

beforeAll(async () => {
  demo = await OnDemo.start();
});
afterAll(() => demo.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-test-objects-'));
  return () => rmSync(folder, { recursive: true });
});

/** Of the cluster, once it was found. */
function found(source = demo.fleet.source('kubernetes')): Promise<Catalogue> {
  return vi.waitFor(() => {
    const catalogue = source?.catalogue?.();
    if (!catalogue) throw new Error('not connected yet');
    return catalogue;
  }, 30_000);
}

async function kind(resource: string): Promise<ObjectKind> {
  const kinds = await (await found()).kinds(NOW());
  const named = kinds.find(each => each.resource === resource);
  if (!named) throw new Error(`there is no kind ${resource}`);
  return named;
}

async function object(word: string): Promise<KubeObject> {
  await found();
  const named = await objectNamed(word, demo.fleet, 'saasodoo');
  if (!named) throw new Error(`${word} names none`);
  return named;
}

async function changed(noun: KubeObject, change: (text: string) => string): Promise<string> {
  const file = join(folder, 'text.yaml');
  const text = await draftText(noun, await demo.read(noun));
  expect(change(text)).not.toBe(text);
  writeFileSync(file, change(text));
  return file;
}

describe('the kinds that there are', () => {
  it('are those of discovery that can be listed, those of custom definitions too', async () => {
    const kinds = await (await found()).kinds(NOW());
    expect(kinds).toContainEqual({
      resource: 'configmaps',
      group: '',
      version: 'v1',
      type: 'ConfigMap',
      namespaced: true,
      aliases: ['configmap', 'cm'],
    });
    expect(kinds.map(({ resource, group }) => `${resource}.${group}`)).toContain('ingressroutes.traefik.io');
    expect(kinds.filter(({ resource }) => resource.includes('/') || /reviews$/.test(resource))).toEqual([]);
  });

  it('are listed as the server prints them', async () => {
    const catalogue = await found();
    const secrets = await catalogue.list(await kind('secrets'), 'saasodoo', NOW());
    expect(secrets.columns).toEqual(['Name', 'Type', 'Data', 'Age']);
    expect(secrets.rows.map(({ cells }) => cells.slice(0, 3))).toEqual([['saasodoo-secrets', 'Opaque', '3']]);
    expect(JSON.stringify(secrets)).not.toContain('demo-not');
    const roles = await catalogue.list(await kind('roles'), 'saasodoo', NOW());
    expect(roles.rows.map(({ object: { id } }) => id)).toEqual([
      'kubernetes/apis/rbac.authorization.k8s.io/v1/namespaces/saasodoo/roles/instance-service-role',
    ]);
    const pods = await catalogue.list(await kind('pods'), null, NOW());
    // Without what is for wide output only.
    expect(pods.columns).toEqual(['Name', 'Ready', 'Status', 'Restarts', 'Age']);
    expect((await catalogue.list(await kind('secrets'), 'nowhere', NOW())).rows).toEqual([]);
  });

  it('says what is not allowed', async () => {
    const source = createKubernetes('viewer', { ...optionsOf(demo.platform, 'kubernetes'), context: 'demo-viewer' });
    source.start(demo.fleet.sink('viewer', 'kubernetes'));
    const own = await found(source);
    await expect(own.list(await kind('secrets'), 'saasodoo', NOW())).rejects.toThrow(
      /list secrets.*forbidden|cannot list/,
    );
    await source.stop();
  });
});

describe('one of them', () => {
  it('is read masked, and tells one value', async () => {
    const secret = await object('secrets/saasodoo-secrets');
    const source = demo.fleet.source('kubernetes');
    const raw = await source?.raw?.('object', secret.id, NOW());
    expect(at(raw, ['data', 'JWT_SECRET_KEY'])).toBe(MASK);
    const path = ['data', 'JWT_SECRET_KEY'];
    expect(await source?.reveal?.('object', secret.id, { path, landmarks: landmarksOf(raw, path) }, NOW())).toEqual({
      text: 'demo-not-a-secret',
      note: 'decoded from base64',
    });
  });

  it('is edited, and set back', async () => {
    const config = await object('cm/saasodoo-config');
    const gateway = demo.gateway({ drafts: folder });
    const file = await changed(config, text => text.replace('LOG_LEVEL: INFO', 'LOG_LEVEL: DEBUG'));
    const proposal = await demo.propose('edit', config, { file }, gateway);
    expect(proposal.plan).toMatchObject({
      command: 'kubectl -n saasodoo edit configmaps/saasodoo-config',
      changes: [{ what: 'data.LOG_LEVEL', from: 'INFO', to: 'DEBUG' }],
      rights: [{ verb: 'patch', group: '', resource: 'configmaps', namespace: 'saasodoo', name: 'saasodoo-config' }],
    });
    expect(await demo.carryOut(proposal, gateway)).toMatchObject({ outcome: 'done' });
    expect(at(await demo.read(config), ['data', 'LOG_LEVEL'])).toBe('DEBUG');
    expect(await demo.undo(gateway)).toMatchObject({ outcome: 'done' });
    expect(at(await demo.read(config), ['data', 'LOG_LEVEL'])).toBe('INFO');
  });

  it('keeps the secrets that were left alone, and keeps no new one', async () => {
    const secret = await object('secret/saasodoo-secrets');
    const gateway = demo.gateway({ drafts: folder });
    const value = Buffer.from('hunter2').toString('base64');
    const file = await changed(secret, text => text.replace(/RABBITMQ_PASSWORD: .*/, `RABBITMQ_PASSWORD: ${value}`));
    const proposal = await demo.propose('edit', secret, { file }, gateway);
    expect(JSON.stringify(proposal.plan.changes)).not.toContain(value);
    expect(proposal.plan.notes).toContain('it changes a secret, which is kept nowhere: there is no way back');
    expect(await demo.carryOut(proposal, gateway)).toMatchObject({ outcome: 'done' });
    const data = at(await demo.read(secret), ['data']) as Record<string, string>;
    expect(data.RABBITMQ_PASSWORD).toBe(value);
    expect(Buffer.from(data.JWT_SECRET_KEY ?? '', 'base64').toString()).toBe('demo-not-a-secret');
    expect(JSON.stringify(gateway.journal.deeds({}))).not.toContain(value);
  });
});

describe('a word of the command line', () => {
  it('names an object by its kind, and says when there is none', async () => {
    expect((await object('configmap/saasodoo-config')).type).toBe('ConfigMap');
    await expect(object('configmaps/nothing')).rejects.toThrow('there is no configmaps/nothing in saasodoo');
    // What is watched is found as ever, and what is no kind is not ours to tell.
    expect(await objectNamed('deployment/user-service', demo.fleet, null)).toBeNull();
    expect(await objectNamed('nonsense/x', demo.fleet, null)).toBeNull();
    expect(await objectNamed('user-service', demo.fleet, null)).toBeNull();
  });
});

it.each([
  ['prod/api/v1/namespaces/a/secrets/b', '/api/v1/namespaces/a/secrets/b'],
  ['prod/apis/rbac.authorization.k8s.io/v1/clusterroles/x', '/apis/rbac.authorization.k8s.io/v1/clusterroles/x'],
  ['prod/saasodoo/pod/x', null],
  ['other/api/v1/namespaces/a/secrets/b', null],
  ['prod/api/v1/namespaces/a/secrets/..', null],
  ['prod/api/v1/namespaces/a/secrets/b?watch=1', null],
  ['prod/api/v1/namespaces/a/pods/b/exec', null],
])('%s is kept at %s', (id, path) => {
  expect(pathOfObject('prod', id)).toBe(path);
  const found = objectFrom(id, { name: 'b', source: 'prod', uid: 'u', version: '1' });
  expect(found === null).toBe(path === null);
});
