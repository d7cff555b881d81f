import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupBackups, parseFiles, readBackups, timeOf } from '../../../src/sources/cephfs/backups.ts';
import type { Run } from '../../../src/sources/runner.ts';

const FOLDER = {
  source: 'fs',
  directory: '/m/active',
  pattern: /^(?<database>.+)_(?<taken>\d{8}_\d{6})_(?<part>database|data)\.(sql|tar\.gz)$/,
};
const file = (name: string, sizeBytes: number) => ({ name, sizeBytes, modifiedAt: 5 });
const group = (...files: ReturnType<typeof file>[]) =>
  [...groupBackups(files, FOLDER, 99).values()].map(({ seen }) => seen);

describe('backups', () => {
  it('are the files of one database and one time', () => {
    const seen = group(
      file('odoo_acme_20261123_020000_data.tar.gz', 9),
      file('odoo_acme_20261123_020000_database.sql', 4),
      file('odoo_acme_20261122_020000_database.sql', 3),
      file('odoo_acme_20261123_020000_metadata.json', 2),
      file('notes.txt', 1),
    );
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({
      id: 'fs/backup/odoo_acme_20261123_020000',
      databaseName: 'odoo_acme',
      takenAt: Date.UTC(2026, 10, 23, 2, 0, 0),
      path: '/m/active/odoo_acme_20261123_020000_database.sql',
      databaseBytes: 4,
      dataBytes: 9,
      observedAt: 99,
    });
  });

  it('keep a file of 0 bytes apart from a file that is not there', () => {
    expect(group(file('a_20261123_020000_data.tar.gz', 0))).toMatchObject([{ databaseBytes: null, dataBytes: 0 }]);
  });

  it.each(['20261301_000000', '20260230_000000', '20260101_240000', '2026', undefined])('have a real time: %s', taken =>
    expect(timeOf(taken)).toBeNull(),
  );

  it('are found for every name that the pattern knows', () => {
    const name = fc.string({ unit: 'grapheme-ascii', minLength: 1 }).map(text => text.replaceAll('/', '_'));
    const at = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(name, at, fc.nat(), (database, when, size) => {
        const taken = when.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_');
        const [seen] = group(file(`${database}_${taken}_data.tar.gz`, size));
        expect(seen?.takenAt).toBe(Math.floor(when.getTime() / 1000) * 1000);
        expect(seen?.dataBytes).toBe(size);
      }),
    );
  });

  it('of 5,000 files are grouped at once', () => {
    const files = Array.from({ length: 5_000 }, (_, index) =>
      file(`db${index >> 1}_20261123_020000_${index % 2 ? 'database.sql' : 'data.tar.gz'}`, index),
    );
    expect(groupBackups(files, FOLDER, 0).size).toBe(2_500);
  });
});

describe('the listing of the backup folder', () => {
  it('is read for names of any kind, and garbage does no harm', () => {
    expect(parseFiles('12 1795426864.5000000000 a b\nc\x000 1 é\0')).toEqual([
      { name: 'a b\nc', sizeBytes: 12, modifiedAt: 1795426864500 },
      { name: 'é', sizeBytes: 0, modifiedAt: 1000 },
    ]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(parseFiles(text)).toBeInstanceOf(Array);
      }),
    );
  });

  it('survives a file that goes away while it is made', async () => {
    const stderr = "find: '/m/active/x': No such file or directory\n";
    const run: Run = async () => ({ code: 1, stdout: '1 1.0 a_20261123_020000_data.sql\0', stderr, timedOut: false });
    await expect(readBackups(run, FOLDER, { deadlineMs: 1 })).resolves.toHaveProperty('size', 1);
  });

  it('is not empty when there is no such folder', async () => {
    const stderr = "find: '/m/active': No such file or directory\n";
    const run: Run = async () => ({ code: 1, stdout: '', stderr, timedOut: false });
    await expect(readBackups(run, FOLDER, { deadlineMs: 1 })).rejects.toMatchObject({ state: 'absent' });
  });
});
