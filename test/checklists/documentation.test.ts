import { describe, expect, it } from 'vitest';
import type { Written } from '../../src/checklists/checklist.ts';
import { documentation } from '../../src/checklists/items/documentation.ts';
import { Random } from '../../src/demo/random.ts';
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

  it.each([1, 2, 3, 4, 5])('counts what is written down on a random platform (seed %i)', async seed => {
    const random = new Random(seed);
    const made = new HandMade(['kubernetes', 'swarm', 'postgres']);
    const count = { unknown: 0, workloads: 0, entries: 0, nothing: 0, instances: 0, lost: 0, unnamed: 0 };
    const [group, stacks, known]: string[][] = [[], [], []];
    const run = (name: string, isKnown: boolean) => {
      // Jobs come and go: nobody writes them down.
      const isJob = random.chance(0.1);
      made.tell(workload(name, { type: isJob ? 'Job' : random.pick(['Deployment', 'StatefulSet', 'DaemonSet']) }));
      if (!isJob) count.workloads++;
      if (!isJob && !isKnown) count.unknown++;
    };
    const enter = (list: string[] | undefined, entry: string, isThere: boolean) => {
      list?.push(entry);
      count.entries++;
      if (!isThere) count.nothing++;
    };
    for (let index = 0; index < 30; index++) {
      const isThere = random.chance(0.7);
      switch (random.pick(['stray', 'group', 'filter', 'stack', 'pool', 'instance', 'instance'])) {
        case 'stray':
          run(`stray-${index}`, false);
          break;
        case 'group':
          enter(group, `group-${index}`, isThere);
          // One whose name only goes on is another one.
          run(isThere ? `group-${index}` : `group-${index}-b`, isThere);
          break;
        case 'filter':
          enter(known, `name=filter-${index}-*`, isThere);
          run(isThere ? `filter-${index}-a` : `filters-${index}`, isThere);
          break;
        case 'stack': {
          enter(stacks, `s${index}`, isThere);
          const namespace = isThere ? `s${index}` : `s${index}-b`;
          const isGrouped = random.chance(0.5);
          if (isGrouped) enter(group, `web-${index}`, true);
          const at = { id: `swarm/service/${index}`, source: 'swarm', system: 'swarm' as const, namespace };
          made.tell(workload(`${namespace}_web-${index}`, at));
          count.workloads++;
          if (!isGrouped) count.unknown++;
          break;
        }
        case 'pool':
          made.tell(pool(`pool-${index}`));
          run(`pool-${index}`, true);
          break;
        default: {
          const status = random.pick(['running', 'stopped', 'error', 'terminated', 'creating']);
          const provisioningStatus = random.pick([null, 'completed', 'completed', 'pending', 'failed']);
          const serviceName = random.chance(0.8) ? `tenant-${index}` : null;
          made.tell(instance(`i${index}`, { status, provisioningStatus, serviceName }));
          if (isThere) run(`tenant-${index}`, serviceName !== null);
          if (status === 'terminated' || status === 'creating') break;
          if (provisioningStatus !== null && provisioningStatus !== 'completed') break;
          count.instances++;
          if (serviceName === null) count.unnamed++;
          else if (!isThere) count.lost++;
        }
      }
    }
    enter(known, 'name=nobody', false);
    const result = await made.run(
      documentation,
      { known: known ?? [] },
      {
        written: { groups: { all: group ?? [] }, stacks: stacks ?? [] },
      },
    );
    const counted = (words: string) =>
      result.findings
        .filter(({ reason }) => reason.includes(words))
        .reduce((sum, { target }) => sum + 1 + Number(/ and (\d+) more$/.exec(target)?.[1] ?? 0), 0);
    expect({
      unknown: counted('neither the profile nor the platform'),
      nothing: counted('there is no workload') + counted('nothing of this stack') + counted('no workload is meant'),
      lost: counted('its workload is not there'),
      unnamed: counted('its record names no workload'),
    }).toEqual({ unknown: count.unknown, nothing: count.nothing, lost: count.lost, unnamed: count.unnamed });
    expect(result.facts).toBe(
      [
        `${count.workloads - count.unknown} of ${count.workloads} workloads known`,
        `${count.entries - count.nothing} of ${count.entries} ${count.entries === 1 ? 'entry' : 'entries'} of the profile are there`,
        `${count.instances - count.lost - count.unnamed} of ${count.instances} instances as recorded`,
      ].join(' · '),
    );
  });
});
