import { describe, expect, it } from 'vitest';
import { oldData } from '../../src/checklists/items/old-data.ts';
import { Random } from '../../src/demo/random.ts';
import type { Directory } from '../../src/model/entity.ts';
import { profile } from '../../src/profile/saasodoo.ts';
import { Unreached } from '../../src/sources/client.ts';
import { backup, directory, instance, node, workload } from '../helpers/nouns.ts';
import { DAY_MS, HandMade, NOW, told } from './hand-made.ts';

const { instanceDirectories } = profile.checklists.settings;
const SETTINGS = { instanceDirectories, keepBackups: { daily: 1, weekly: 0, monthly: 0 } };
const IDS = { acme: '3f9a12c4-0000-4000-8000-000000000001', acme_eu: '77aa12c4-0000-4000-8000-000000000002' };

/** As the platform names them. */
function directoryOf(database: string, short: string, change: Partial<Directory> = {}) {
  const name = `odoo_data_${database}_${short}`;
  return directory(name, { path: `/mnt/cephfs/odoo_instances/${name}`, changedAt: NOW - 30 * DAY_MS, ...change });
}
function backupOf(database: string, days: number, change: object = {}) {
  const takenAt = NOW - days * DAY_MS;
  const name = `${database}_${new Date(takenAt).toISOString().slice(0, 19).replace('T', '_').replace(/[-:]/g, '')}`;
  return { ...backup(database, takenAt, change), name, path: `/mnt/cephfs/odoo_backups/active/${name}_database.sql` };
}

const acme = instance('acme', { uid: IDS.acme, databaseName: 'acme' });
const acmeEu = instance('acme_eu', { uid: IDS.acme_eu, databaseName: 'acme_eu' });
const platform = () => new HandMade(['kubernetes', 'postgres', 'cephfs']).tell(acme);

describe('old data', () => {
  it('passes where nothing can be freed', async () => {
    const made = platform().tell(directoryOf('acme', '3f9a12c4'), backupOf('acme', 0.5));
    expect(await made.run(oldData, SETTINGS)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it('offers old backups with their size, and says what an operator would type', async () => {
    const made = platform().tell(backupOf('acme', 0.5), backupOf('acme', 2), backupOf('acme', 3));
    const { verdict, findings } = await made.run(oldData, SETTINGS);
    expect(verdict).toBe('warn');
    expect(findings).toMatchObject([
      {
        target: 'acme',
        reason: '2 backups beyond 1 daily, 0 weekly, 0 monthly: 8.4G',
        evidence: [
          'rm -- /mnt/cephfs/odoo_backups/active/acme_20261120_120000_*',
          'rm -- /mnt/cephfs/odoo_backups/active/acme_20261121_120000_*',
        ],
      },
    ]);
  });

  it('counts the backups of an instance apart from those of one whose name goes on', async () => {
    const made = platform().tell(acmeEu, backupOf('acme', 0.5), backupOf('acme_eu', 2), backupOf('acme_eu', 9));
    expect(told(await made.run(oldData, SETTINGS))).toEqual([
      'warn acme_eu: 1 backup beyond 1 daily, 0 weekly, 0 monthly: 4.2G',
    ]);
  });

  it('gives no pattern that would take the files of another backup along', async () => {
    const stem = backupOf('acme', 5).name;
    const other = instance('other', { uid: IDS.acme_eu, databaseName: stem });
    const made = platform().tell(other, backupOf('acme', 0.5), backupOf('acme', 5), backupOf(stem, 0.5));
    const { findings } = await made.run(oldData, SETTINGS);
    expect(findings.map(({ evidence }) => evidence)).toEqual([[`${stem}: its files have to be named one by one`]]);
  });

  it('offers the directory of an instance that is gone or terminated', async () => {
    const over = instance('over', { uid: 'aaaa0000-0', databaseName: 'over', status: 'terminated' });
    const made = platform().tell(
      over,
      directoryOf('acme', '3f9a12c4'),
      directoryOf('gone', 'bbbb0000', { usedBytes: 3 * 2 ** 30 }),
      directoryOf('over', 'aaaa0000'),
      // Not of an instance at all.
      directory('redis_data', { changedAt: 0 }),
    );
    const result = await made.run(oldData, SETTINGS);
    expect(told(result)).toEqual([
      'warn odoo_data_gone_bbbb0000: no instance has it: 3.0G, not changed for 30d',
      'warn odoo_data_over_aaaa0000: no instance has it: 1.0G, not changed for 30d',
    ]);
    expect(result.findings[0]?.evidence).toEqual(['rm -r -- /mnt/cephfs/odoo_instances/odoo_data_gone_bbbb0000']);
    expect(oldData.fixes).toContainEqual({ verb: 'empty', kinds: ['directory'] });
  });

  it('has nothing deleted any more with a directory that was emptied', async () => {
    const made = platform().tell(directoryOf('gone', 'bbbb0000', { usedBytes: 0, files: 0, entries: 1 }));
    const [found] = (await made.run(oldData, SETTINGS)).findings;
    expect(found?.evidence).toEqual(['rmdir -- /mnt/cephfs/odoo_instances/odoo_data_gone_bbbb0000']);
  });

  it('offers the backups of an instance that is gone one by one, and none where no instance is known', async () => {
    const gone = [backupOf('acme_old', 3), backupOf('acme', 0.5)];
    const { findings } = await platform()
      .tell(...gone)
      .run(oldData, SETTINGS);
    expect(findings).toMatchObject([
      {
        target: 'acme_old',
        reason: '1 backup of an instance that is not there (4.2G)',
        evidence: ['rm -- /mnt/cephfs/odoo_backups/active/acme_old_20261120_120000_*'],
      },
    ]);
    const nobody = await new HandMade(['kubernetes', 'postgres', 'cephfs']).tell(...gone).run(oldData, SETTINGS);
    expect(nobody.findings.flatMap(({ evidence }) => evidence)).toEqual([]);
  });

  it('offers no directory whose instance may exist', async () => {
    const made = platform().tell(
      // Of the same name, made anew; of the same id, renamed; of what still runs; what somebody is just making.
      directoryOf('acme', 'bbbb0000'),
      directoryOf('acme_old', '3f9a12c4'),
      directoryOf('moved', 'cccc0000'),
      workload('odoo-moved-cccc0000'),
      directoryOf('young', 'dddd0000', { changedAt: NOW - DAY_MS }),
      directoryOf('unknown', 'eeee0000', { changedAt: null }),
    );
    expect(await made.run(oldData, SETTINGS)).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it.each([
    ['postgres', 'instance'],
    ['prod', 'workload'],
  ] as const)('offers no directory while %s has not told every %s', async (source, kind) => {
    const made = platform().tell(directoryOf('gone', 'bbbb0000')).lose(source, kind);
    const result = await made.run(oldData, SETTINGS);
    expect(result.verdict).toBe('cannot-tell');
    expect(told(result).filter(line => line.includes('odoo_data'))).toEqual([]);
  });

  it('cannot tell where no instance is known at all', async () => {
    const made = new HandMade(['kubernetes', 'postgres', 'cephfs']).tell(directoryOf('acme', '3f9a12c4'));
    const result = await made.run(oldData, SETTINGS);
    expect([result.verdict, ...told(result)]).toEqual([
      'cannot-tell',
      'unknown instances: none is known, but 1 of their directories: none of these is offered',
    ]);
  });

  it('cannot tell where an instance has no id', async () => {
    const made = platform().tell(instance('nameless'), directoryOf('gone', 'bbbb0000'));
    const result = await made.run(oldData, SETTINGS);
    expect([result.verdict, ...told(result)]).toEqual([
      'cannot-tell',
      'unknown instances: the ids of some are not told: none of their directories is offered',
    ]);
  });

  it('warns of jobs that ended long ago, not of those that a schedule keeps', async () => {
    const job = { type: 'Job', finishedAt: NOW - 3 * DAY_MS, wanted: 1, succeeded: 1 } as const;
    const made = platform().tell(
      workload('restore-acme', job),
      workload('nightly-1', { ...job, owner: 'prod/saasodoo/cronjob/nightly' }),
      workload('backup-acme', { ...job, finishedAt: NOW - 60_000 }),
      workload('running', { ...job, finishedAt: null }),
    );
    expect(told(await made.run(oldData, SETTINGS))).toEqual(['warn restore-acme: ended 3d ago']);
  });

  it.each([1, 2, 3])('finds as many as a random platform has (seed %i)', async seed => {
    const random = new Random(seed);
    const made = platform();
    let abandoned = 0;
    for (let index = 0; index < 60; index++) {
      const short = random.hex(8);
      const isThere = random.chance(0.7);
      const days = random.between(0, 20);
      if (isThere) made.tell(instance(`t${index}`, { uid: `${short}-0`, databaseName: `t${index}` }));
      made.tell(directoryOf(`t${index}`, short, { changedAt: NOW - days * DAY_MS }));
      if (!isThere && days >= 7) abandoned++;
    }
    const { findings } = await made.run(oldData, SETTINGS);
    expect(findings.length).toBe(abandoned);
  });
});

describe('unused images', () => {
  const engine = (bytes: number) => ({
    engine: async () => ({
      target: 'w1',
      identity: null,
      get: async () => ({ Images: [{ Id: 'sha256:1', RepoTags: ['web:1'], Size: bytes, Containers: 0 }] }),
      send: async () => null,
    }),
  });
  const w1 = node('w1', { system: 'swarm', source: 'swarm', id: 'swarm/node/w1' });

  it('are worth a word beyond a size, and are cleaned up by a verb', async () => {
    const few = new HandMade(['swarm'], engine(2 ** 20)).tell(w1);
    expect((await few.run(oldData)).verdict).toBe('pass');
    const many = new HandMade(['swarm'], engine(2 ** 32)).tell(w1);
    expect(told(await many.run(oldData))).toEqual(['warn w1: 1 unused image: 4.0G']);
    expect(oldData.fixes).toContainEqual({ verb: 'prune', kinds: ['node'], input: { what: 'all-images' } });
  });

  it('cannot be told of where no engine is reached', async () => {
    const trouble = { what: 'reach its engine', on: 'w1', why: 'the profile does not say how', fix: null };
    const refusing = { engine: () => Promise.reject(new Unreached(trouble, 'ssh -t w1')) };
    const made = new HandMade(['swarm'], refusing).tell(w1);
    expect(await made.run(oldData)).toMatchObject({ verdict: 'cannot-tell' });
  });
});
