import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPlaces, parseFound } from '../../../src/sources/cephfs/places.ts';
import type { Run, RunResult } from '../../../src/sources/runner.ts';

const OPTIONS = { deadlineMs: 1_000 };
const silent: RunResult = { code: 0, stdout: '', stderr: '', timedOut: false };

describe('the watched directories', () => {
  it('are found with two processes, whatever their number', async () => {
    const asked: string[][] = [];
    const run: Run = async argv => {
      asked.push(argv);
      const stdout = argv.includes('0') ? '7 /m/backups\0' : '8 /m/a/x\x009 /m/a/y\x0010 /m/top\0';
      return { ...silent, stdout };
    };
    const { places } = await findPlaces(run, '/m', ['backups', 'a/*', 'b/*', '*'], OPTIONS);
    expect(asked).toEqual([
      ['find', '/m/backups', '-maxdepth', '0', '-type', 'd', '-printf', '%i %p\\0'],
      ['find', '/m/a', '/m/b', '/m', '-mindepth', '1', '-maxdepth', '1', '-type', 'd', '-printf', '%i %p\\0'],
    ]);
    expect(places).toContainEqual({ path: '/m/a/y', relative: 'a/y', inode: '9' });
    expect(places.map(({ relative }) => relative)).toEqual(['backups', 'a/x', 'a/y', 'top']);
  });

  it('need not all be there', async () => {
    const stderr = "find: '/m/b': No such file or directory\n";
    const run: Run = async () => ({ ...silent, code: 1, stdout: '7 /m/a\0', stderr });
    const { places, missing } = await findPlaces(run, '/m', ['a', 'b'], OPTIONS);
    expect(places.map(({ path }) => path)).toEqual(['/m/a']);
    expect(missing).toEqual(["find: '/m/b': No such file or directory"]);
  });

  it('are not what was listed until its end was forced, though some are told not to be there', async () => {
    const stderr = "find: '/m/b': No such file or directory\n";
    const run: Run = async () => ({ ...silent, code: 124, stdout: '7 /m/a\0', stderr });
    await expect(findPlaces(run, '/m', ['a', 'b', 'c'], OPTIONS)).rejects.toMatchObject({ state: 'failed' });
  });

  it('are not a complete list when one parent cannot be read', async () => {
    const stderr = "find: '/m/b': Permission denied\n";
    const run: Run = async () => ({ ...silent, code: 1, stdout: '7 /m/a/x\0', stderr });
    const { places, incomplete } = await findPlaces(run, '/m', ['a/*', 'b/*'], OPTIONS);
    expect(places).toHaveLength(1);
    expect(incomplete).toMatchObject({ state: 'forbidden', trouble: { on: '/m/b', why: 'Permission denied' } });
  });

  it('are none, and not an empty list, when nothing can be read', async () => {
    const run: Run = async () => ({ ...silent, code: 1, stderr: "find: '/m/b': Permission denied\n" });
    await expect(findPlaces(run, '/m', ['b/*'], OPTIONS)).rejects.toMatchObject({ state: 'forbidden' });
  });

  it('need GNU find', async () => {
    const run: Run = async () => ({ ...silent, code: 1, stderr: 'find: unrecognized: -printf\n' });
    await expect(findPlaces(run, '/m', ['a'], OPTIONS)).rejects.toMatchObject({
      state: 'absent',
      trouble: { fix: 'GNU find is needed there (package findutils)' },
    });
  });

  it('keep every name that could be asked for', () => {
    const path = fc.string({ unit: 'binary', minLength: 1 }).map(text => text.replaceAll('\0', '_').toWellFormed());
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), path)), entries => {
        const found = parseFound(entries.map(([inode, name]) => `${inode} ${name}\0`).join(''));
        const askable = entries.filter(([, name]) => !name.includes('\ufffd'));
        expect(found).toEqual(askable.map(([inode, name]) => [String(inode), name]));
      }),
    );
  });
});
