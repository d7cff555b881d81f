import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backups } from '../../src/checklists/items/backups.ts';
import type { Seen } from '../../src/model/entity.ts';
import { backup, instance, workload } from '../helpers/nouns.ts';
import { HOUR, NOW, told, type World, world } from './world.ts';

const G = 2 ** 30;
const night = NOW - 12 * HOUR;

function platform(...names: string[]): World {
  const made = world();
  made.put(...names.flatMap(name => [instance(name), backup(name, night), backup(name, night - 24 * HOUR)]));
  return made;
}

describe('backups completed', () => {
  it('passes when each instance that should have one has', async () => {
    const { put, run } = platform('acme', 'globex');
    put(
      instance('gone', { status: 'terminated' }),
      instance('newborn', { createdAt: NOW - HOUR }),
      instance('coming', { provisioningStatus: 'provisioning' }),
    );
    expect(await run(backups)).toMatchObject({ verdict: 'pass', facts: '2 of 2 fresh and whole' });
  });

  it.each<[string, Partial<Seen<'backup'>>, string, string]>([
    ['an empty data file', { dataBytes: 0 }, 'fail', 'data file has 0 bytes (was 4.0G)'],
    ['an empty database file', { databaseBytes: 0 }, 'fail', 'database file has 0 bytes (was 200M)'],
    ['a missing data file', { dataBytes: null }, 'fail', 'the data file is missing'],
    ['a missing database file', { databaseBytes: null }, 'fail', 'the database file is missing'],
    ['a data file of a tenth', { dataBytes: 0.4 * G }, 'warn', 'data file has 410M (was 4.0G)'],
    ['a database of a tenth', { databaseBytes: 20 * 2 ** 20 }, 'warn', 'database file has 20M (was 200M)'],
  ])('finds %s', async (_, change, verdict, reason) => {
    const { put, run } = platform('acme');
    put(backup('acme', night + HOUR, change));
    const result = await run(backups);
    expect(result).toMatchObject({ verdict, findings: [{ target: 'acme', reason }] });
    expect(result.findings[0]?.evidence).toHaveLength(3);
  });

  it('finds none at all, and old ones', async () => {
    const { put, run } = world();
    put(
      instance('none'),
      instance('late'),
      instance('lost'),
      backup('late', NOW - 40 * HOUR),
      backup('lost', NOW - 90 * HOUR),
    );
    expect(told(await run(backups)).sort()).toEqual(['bad lost', 'bad none', 'warn late']);
  });

  it('takes the one before while one is being written, and not for ever', async () => {
    const { put, run } = platform('acme');
    put(backup('acme', NOW - 60_000, { writtenAt: NOW - 5_000, dataBytes: 12 }));
    expect(await run(backups)).toMatchObject({ verdict: 'pass', facts: '1 of 1 fresh and whole · 1 being written' });
    put(backup('acme', NOW - 60_000, { writtenAt: NOW - 5_000, dataBytes: null }));
    expect(await run(backups)).toMatchObject({ verdict: 'pass' });
    const { put: later, run: again } = platform('acme');
    later(backup('acme', NOW - HOUR, { writtenAt: NOW - HOUR / 2, dataBytes: null }));
    expect(await again(backups)).toMatchObject({ verdict: 'fail' });
  });

  it('takes no backup of an instance whose name begins alike', async () => {
    const { put, run } = platform('acme_2');
    put(instance('acme'), instance('acme_20261123'));
    expect(told(await run(backups)).sort()).toEqual(['bad acme', 'bad acme_20261123']);
  });

  it('finds failed jobs and backups that belong to nobody', async () => {
    const { put, run } = platform('acme');
    put(
      workload('backup-1', {
        type: 'Job',
        wanted: 1,
        failed: 1,
        finishedAt: NOW - HOUR,
        message: 'BackoffLimitExceeded',
      }),
      workload('restore-1', {
        type: 'Job',
        wanted: 1,
        failed: 1,
        finishedAt: NOW - HOUR,
        message: 'BackoffLimitExceeded',
      }),
      backup('old', night),
      backup('old', night - HOUR),
    );
    const result = await run(backups);
    expect(told(result)).toEqual(['bad backup-1', 'warn old']);
    expect(result.findings[1]?.reason).toBe('2 backups of an instance that is not there (8.4G)');
  });

  it('cannot tell without a list of backups, or of instances; what is bad in the folder is found all the same', async () => {
    const blind = platform('acme');
    const trouble = { what: 'list backups', on: '/mnt', why: 'Permission denied', fix: null };
    blind.sinks.cephfs?.coverage('backup', { state: 'failed', trouble });
    expect(await blind.run(backups)).toMatchObject({ verdict: 'cannot-tell' });
    const { put, run, sinks } = world();
    sinks.postgres?.coverage('instance', { state: 'failed', trouble });
    put(backup('acme', night));
    expect(await run(backups)).toMatchObject({ verdict: 'cannot-tell', facts: '1 of 1 fresh and whole' });
    put(backup('acme', night + HOUR, { dataBytes: 0 }));
    expect(told(await run(backups))).toEqual(['bad acme', 'unknown postgres']);
    expect(await world(['prod']).run(backups)).toMatchObject({ verdict: 'cannot-tell' });
  });

  it('finds as many as a world made at random has', async () => {
    const name = fc.stringMatching(/^[a-z]{1,3}(_[a-z0-9]{1,4}){0,2}$/);
    const fate = fc.constantFrom('well', 'none', 'empty', 'old', 'shrunk', 'underway', 'terminated');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, fate), { selector: ([name]) => name, maxLength: 40 }),
        async all => {
          const { put, run } = world();
          const expected: string[] = [];
          for (const [name, fate] of all) {
            put(instance(name, { status: fate === 'terminated' ? 'terminated' : 'running' }));
            if (fate !== 'none' && fate !== 'terminated') {
              const age = fate === 'old' ? 50 : 0;
              const dataBytes = fate === 'empty' ? 0 : fate === 'shrunk' ? G : 4 * G;
              put(backup(name, night - 24 * HOUR - age * HOUR), backup(name, night - age * HOUR, { dataBytes }));
            }
            if (fate === 'underway') put(backup(name, NOW - 60_000, { writtenAt: NOW, dataBytes: null }));
            if (fate === 'none' || fate === 'empty') expected.push(`bad ${name}`);
            if (fate === 'old' || fate === 'shrunk') expected.push(`warn ${name}`);
          }
          expect(told(await run(backups)).sort()).toEqual(expected.sort());
        },
      ),
      { numRuns: 40 },
    );
  });
});
