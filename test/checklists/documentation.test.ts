import { describe, expect, it } from 'vitest';
import type { Written } from '../../src/checklists/checklist.ts';
import { documentation } from '../../src/checklists/items/documentation.ts';
import { instance, pool, workload } from '../helpers/nouns.ts';
import { HandMade, told } from './hand-made.ts';

const SETTINGS = { known: ['name=*-service'], watchers: [{ workload: 'name=*-worker', says: 'watching' }] };
const WRITTEN: Written = { groups: { user: ['user-service', 'user-worker'] }, stacks: [] };
const platform = (parts = {}) =>
  new HandMade(['kubernetes', 'postgres'], parts).tell(
    workload('user-service'),
    workload('user-worker'),
    workload('tenant-acme'),
    workload('pool-1', { type: 'StatefulSet' }),
    pool('pool-1'),
    instance('acme', { serviceName: 'tenant-acme' }),
  );
const run = (made: HandMade, written: Partial<Written> = {}) =>
  made.run(documentation, SETTINGS, { written: { ...WRITTEN, ...written } });

describe('the documentation', () => {
  it('passes where everything is known, by the profile or by the platform itself', async () => {
    const result = await run(platform());
    expect([result.verdict, ...told(result)]).toEqual(['pass']);
    expect(result.reason).toBe(
      '4 of 4 workloads known · 4 of 4 entries of the profile are there · 1 of 1 instances as recorded',
    );
  });

  it('warns of what runs and nobody knows', async () => {
    expect(told(await run(platform().tell(workload('bitcoin-miner'))))).toEqual([
      'warn bitcoin-miner: neither the profile nor the platform knows it',
    ]);
  });

  it('warns of entries of the profile that mean nothing any more', async () => {
    const result = await run(platform({ missing: () => ['/mnt/cephfs/old: No such file or directory'] }), {
      groups: { user: ['user-service', 'user-cron'] },
      stacks: ['shop'],
    });
    expect(told(result).sort()).toEqual([
      'warn groups.user: there is no workload user-cron',
      'warn sources.postgres: /mnt/cephfs/old: No such file or directory',
      'warn sources.prod: /mnt/cephfs/old: No such file or directory',
      'warn stacks.shop: nothing of this stack runs',
      'warn user-worker: neither the profile nor the platform knows it',
    ]);
  });

  it('warns of instances of which nothing runs, but not of those that are gone on purpose', async () => {
    const made = platform().tell(
      instance('lost', { serviceName: 'tenant-lost' }),
      instance('over', { serviceName: 'tenant-over', status: 'terminated' }),
      instance('young', { serviceName: null, provisioningStatus: 'pending' }),
    );
    expect(told(await run(made))).toEqual(['warn lost: its workload is not there']);
  });

  it('cannot tell while a list is not whole', async () => {
    const result = await run(platform().lose('prod', 'workload'));
    expect(result.verdict).toBe('cannot-tell');
  });
});
