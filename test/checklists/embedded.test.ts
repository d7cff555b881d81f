import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Item } from '../../src/checklists/checklist.ts';
import { configuration } from '../../src/checklists/items/configuration.ts';
import { oldData } from '../../src/checklists/items/old-data.ts';
import { security } from '../../src/checklists/items/security.ts';
import { meansOf } from '../../src/checklists/means.ts';
import { ChecklistsSchema } from '../../src/checklists/options.ts';
import { runItem } from '../../src/checklists/run.ts';
import { profile } from '../../src/profile/saasodoo.ts';
import { createHttp } from '../../src/sources/http/index.ts';
import { OnDemo } from '../actions/on-demo.ts';
import { optionsOf } from '../contract/embedded.ts';

const { settings } = ChecklistsSchema.parse(profile.checklists);

describe('on the embedded platform, over its real protocols', () => {
  let on: OnDemo;
  beforeAll(async () => {
    on = await OnDemo.start();
    on.fleet.watch(createHttp('http', optionsOf(on.platform, 'http')));
    await on.noun('kubernetes/saasodoo/deployment/user-service');
    await on.noun('swarm/service/saasodoo_user-service');
    await vi.waitFor(
      () => expect(on.fleet.sources().map(({ phase }) => phase)).toEqual(['live', 'live', 'live']),
      30_000,
    );
    await vi.waitFor(() => expect(on.fleet.coverage('kubernetes', 'replica')?.state).toBe('complete'), 30_000);
    await vi.waitFor(() => expect(on.fleet.coverage('swarm', 'replica')?.state).toBe('complete'), 30_000);
    await on.noun('http/check/frontend-service');
  }, 60_000);
  afterAll(() => on?.close());

  const run = async (item: Item, only?: string[]) => {
    const probes = item.probes.filter(({ name }) => !only || only.includes(name));
    const means = { ...meansOf(on.fleet, settings), past: [], signal: new AbortController().signal };
    return runItem({ ...item, probes }, means);
  };

  it('images are compared with its registry, and nobody else is asked', async () => {
    const result = await run(security, ['images']);
    expect(result.findings.map(({ target, health }) => `${health} ${target}`)).toEqual([
      'warn registry.saasodoo.test/compose-postgres:latest',
    ]);
    expect(result.reason).toMatch(/\d\d images, 1 behind their tag/);
  });

  it('certificates, tokens and secrets are read, and none is told', async () => {
    const result = await run(security, ['certificates, tokens, secrets']);
    expect(result).toMatchObject({ verdict: 'pass', findings: [] });
    expect(result.reason).toMatch(/^1 certificate or token, the first ends in 36\dd · 1 secret$/);
  });

  it('engines are asked for images that nothing uses', async () => {
    const result = await run(oldData, ['unused images']);
    expect(result.reason).toMatch(/\d+ unused images on 3 engines/);
  });

  it('an account that lost a right is found', async () => {
    expect((await run(configuration, ['rights'])).verdict).toBe('pass');
    const { store } = on.platform.world.cluster;
    const role = store.get('roles', 'saasodoo', 'instance-service-role');
    if (!role) throw new Error('there is no such role');
    store.modify('roles', role, now => ({
      ...now,
      rules: now.rules.map(rule => ({ ...rule, verbs: rule.verbs.filter(verb => verb !== 'create') })),
    }));
    const result = await run(configuration, ['rights']);
    expect([result.verdict, result.findings[0]?.reason]).toEqual(['fail', 'may not create jobs.batch']);
  });
});
