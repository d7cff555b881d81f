import { describe, expect, it } from 'vitest';
import { diskSpace } from '../../src/checklists/items/disk-space.ts';
import { directory, node, storage } from '../helpers/nouns.ts';
import { told, type World, world } from './world.ts';

const G = 2 ** 30;

function platform(): World {
  const made = world(['prod', 'cephfs']);
  made.put(
    storage('fs'),
    directory('a', { usedBytes: 2 * G }),
    directory('free', { quotaBytes: null }),
    node('w1', { diskBytes: 100 * G, diskUsedBytes: 41 * G }),
    node('w2'),
  );
  return made;
}

const grows = (daysToFull: number | null) => ({ growth: async () => ({ perDay: 2 ** 35, daysToFull }) });

describe('disk space', () => {
  it('passes with its numbers, and says what it does not know', async () => {
    expect(await platform().run(diskSpace)).toMatchObject({
      verdict: 'pass',
      facts:
        'fs 55 %, growth not known yet · 1 of 1 directories well below their quota · node disks: 1 of 2 known, fullest 41 %',
    });
    expect((await platform().run(diskSpace, grows(74))).facts).toMatch(/^fs 55 %, \+0\.3 %\/d, full in 74 d/);
  });

  it('warns of a directory near its quota, and of what will soon be full', async () => {
    const { put, run } = platform();
    put(directory('b', { usedBytes: 8.5 * G }));
    expect(told(await run(diskSpace))).toEqual(['warn b']);
    expect(told(await platform().run(diskSpace, grows(20)))).toEqual(['warn fs']);
    expect(told(await platform().run(diskSpace, grows(3))).sort()).toEqual(['warn a', 'warn fs']);
  });

  it('fails on quotas, clusters and node disks that are all but full', async () => {
    const { put, run } = platform();
    put(
      directory('c', { usedBytes: 9.7 * G }),
      node('w1', { diskBytes: 100 * G, diskUsedBytes: 97 * G }),
      node('w2', { pressures: ['DiskPressure'] }),
      storage('fs', { usedBytes: 8.9 * 2 ** 40 }),
    );
    expect(told(await run(diskSpace)).sort()).toEqual(['bad c', 'bad fs', 'bad w1', 'bad w2']);
  });

  it('cannot tell while the metadata server is silent, nor of a directory whose use is not known', async () => {
    const silent = platform();
    const trouble = { what: 'read CephFS', on: '/mnt', why: 'no answer', fix: null };
    silent.sinks.cephfs?.state({ phase: 'stale', trouble });
    expect(await silent.run(diskSpace)).toMatchObject({ verdict: 'cannot-tell' });
    const { put, run } = platform();
    put(directory('d', { usedBytes: null }));
    expect(await run(diskSpace)).toMatchObject({ verdict: 'cannot-tell' });
  });

  it('asks for no CephFS where none is set up, and for something', async () => {
    const alone = world(['prod']);
    alone.put(node('w1', { diskBytes: 100, diskUsedBytes: 20 }));
    expect(await alone.run(diskSpace)).toMatchObject({
      verdict: 'pass',
      facts: 'node disks: 1 of 1 known, fullest 20 %',
    });
    expect(await world([]).run(diskSpace)).toMatchObject({ verdict: 'cannot-tell' });
  });
});
