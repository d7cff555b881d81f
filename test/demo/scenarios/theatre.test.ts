import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DemoPlatform, startPlatform } from '../../../src/demo/platform.ts';
import { SCENARIOS } from '../../../src/demo/scenarios/index.ts';
import { ProfileSchema } from '../../../src/profile/schema.ts';

let platform: DemoPlatform;
beforeEach(async () => {
  platform = await startPlatform({ scenario: 'calm', postgres: false, answerCommand: ['true'] });
});
afterEach(() => platform.close());

const NS = 'saasodoo';
const { cluster, swarm, storage } = {
  cluster: () => platform.world.cluster,
  swarm: () => platform.world.swarm,
  storage: () => platform.world.storage,
};
const podsOf = (name: string) =>
  cluster()
    .store.list('pods', NS)
    .filter(each => each.metadata.name.startsWith(name));
const tokenOf = () => {
  const source = ProfileSchema.parse(platform.profile).sources.kubernetes;
  const path = source?.kind === 'kubernetes' ? source.kubeconfig : undefined;
  return JSON.parse(readFileSync(path ?? '', 'utf8')).users[0].user.token;
};

describe('the embedded platform', () => {
  it('comes with a profile that is one, and a kubeconfig for the user alone', () => {
    const { sources } = ProfileSchema.parse(platform.profile);
    expect(Object.keys(sources)).toEqual(['kubernetes', 'swarm', 'host', 'mariadb', 'cephfs', 'http']);
    expect(tokenOf()).toBe(platform.kubernetes.token);
  });

  it('refuses what it cannot do, by its name', async () => {
    await expect(platform.trigger('nodeloss')).rejects.toThrow('there is no scenario nodeloss; there are node-loss');
    await expect(platform.trigger('node-loss', { node: 'x' })).rejects.toThrow('there is no node x');
    await expect(platform.trigger('crash-loop', { workload: 'x' })).rejects.toThrow('there is no workload x');
    await expect(platform.trigger('pool-full')).rejects.toThrow('without PostgreSQL');
    await expect(platform.trigger('quota-reached', { database: 'x' })).rejects.toThrow('there is no tenant x');
  });

  it('has a line for each of its scenarios', () => {
    expect(platform.scenarios).toEqual([...SCENARIOS.map(each => each.name), 'recover']);
    for (const { title } of SCENARIOS) expect(title.length).toBeLessThan(80);
  });
});

describe('scenarios', () => {
  it('lose a machine, a node of both systems, and bring it back', async () => {
    await platform.trigger('node-loss');
    const lost = () => [[...cluster().downNodes.keys()], swarm().downNodes.size];
    expect(lost()).toEqual([['vps-2'], 1]);
    await platform.trigger('node-loss', { node: 'vps-3' });
    expect(lost()).toEqual([['vps-3'], 1]);
    await platform.trigger('recover');
    expect(lost()).toEqual([[], 0]);
  });

  it('let workloads of either system crash', async () => {
    await platform.trigger('crash-loop');
    await vi.waitFor(
      () =>
        expect(podsOf('billing-service').some(each => each.status.containerStatuses?.[0]?.lastState.terminated)).toBe(
          true,
        ),
      5_000,
    );
    await platform.trigger('crash-loop', { workload: 'saasodoo_redis' });
    expect([...swarm().faults.keys()]).toEqual(['saasodoo_redis']);
    // The one before it was mended: there is one of each scenario.
    expect(cluster().faults.size).toBe(0);
  });

  it('release an image that is not there, and take it back unless someone did', async () => {
    const image = () =>
      cluster().store.get('deployments', NS, 'frontend-service')?.spec.template.spec.containers[0]?.image;
    const before = image();
    await platform.trigger('image-pull');
    expect(image()).toMatch(/:2026\.12-missing$/);
    await platform.trigger('recover');
    expect(image()).toBe(before);
  });

  it('fill a quota, empty a backup, lose the metadata server', async () => {
    const { directory } = platform.world.shape.instances.find(each => each.databaseName === 'initech')!;
    await platform.trigger('quota-reached');
    expect(storage().directory(directory)?.usedBytes).toBe(storage().directory(directory)?.quotaBytes);
    await platform.trigger('backup-empty');
    expect(
      storage()
        .backups.filter(each => each.dataBytes === 0)
        .map(each => each.databaseName),
    ).toEqual(['stark']);
    await platform.trigger('mds-gone');
    expect(storage().mdsGone).toBe(true);
    await platform.trigger('recover');
    expect(storage().mdsGone).toBe(false);
  });

  it('let a token expire; after the login the kubeconfig has another', async () => {
    const before = tokenOf();
    await platform.trigger('token-expired');
    expect(platform.kubernetes.token).toBeNull();
    await platform.trigger('recover');
    expect(platform.kubernetes.token).toBe(tokenOf());
    expect(tokenOf()).not.toBe(before);
  });

  it('freeze and shut the servers, and mend by themselves when their time is over', async () => {
    await platform.trigger('engine-frozen');
    await platform.trigger('api-frozen', { seconds: 0.05 });
    expect(platform.kubernetes.gate.frozen).toBe(true);
    await vi.waitFor(() => expect(platform.kubernetes.gate.frozen).toBe(false));
    const { port } = platform.kubernetes.gate;
    await platform.trigger('api-gone');
    await platform.trigger('recover');
    expect(platform.kubernetes.gate.port).toBe(port);
  });

  it('churn', async () => {
    const before = cluster().store.revision;
    await platform.trigger('churn', { changesPerSecond: 500 });
    await vi.waitFor(() => expect(cluster().store.revision).toBeGreaterThan(before + 100), 5_000);
  });
});
