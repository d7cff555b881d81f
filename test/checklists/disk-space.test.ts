import { describe, expect, it } from 'vitest';
import type { Means } from '../../src/checklists/checklist.ts';
import { diskSpace } from '../../src/checklists/items/disk-space.ts';
import { Random } from '../../src/demo/random.ts';
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

/** Of a whole in bytes, so many percent or just one byte less: no division, and nothing is rounded. */
function usedOf(random: Random, whole: bigint): { used: bigint; isFrom(percent: number): boolean } {
  const percent = BigInt(random.pick([0, 12, 57, 79, 80, 81, 84, 85, 86, 94, 95, 96, 99, 100, 103]));
  const exact = (whole * percent + 99n) / 100n;
  const used = exact > 0n && random.chance(0.4) ? exact - 1n : exact;
  return { used, isFrom: from => used * 100n >= whole * BigInt(from) };
}

const wholeOf = (random: Random) => BigInt(random.integer(1, 400)) * 2n ** BigInt(random.integer(20, 32));

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

  it.each([1, 2, 3, 4, 5, 6])('counts what is near its limit on a random platform (seed %i)', async seed => {
    const random = new Random(seed);
    const { put, run } = world(['prod', 'cephfs']);
    put(storage('fs', { totalBytes: 100 * G, usedBytes: 50 * G }));
    const expected: string[] = [];
    const days = new Map<string, number | null>();
    let limited = 0;
    let near = 0;
    for (let index = 0; index < 60; index++) {
      const name = `d${index}`;
      const [quota, entries] = [wholeOf(random), BigInt(random.integer(100, 90_000))];
      const [inBytes, inFiles] = [random.chance(0.8), random.chance(0.3)];
      const [bytes, files] = [usedOf(random, quota), usedOf(random, entries)];
      const isKnown = random.chance(0.95);
      const limits = { quotaBytes: inBytes ? Number(quota) : null, quotaFiles: inFiles ? Number(entries) : null };
      put(directory(name, { ...limits, usedBytes: isKnown ? Number(bytes.used) : null, entries: Number(files.used) }));
      days.set(name, random.pick([null, 2, 6, 7, 8, 90]));
      if (!inBytes && !inFiles) continue;
      const isOver = (percent: number) => (inBytes && bytes.isFrom(percent)) || (inFiles && files.isFrom(percent));
      const isSoon = (days.get(name) ?? 7) < 7;
      const health = !isKnown ? 'unknown' : isOver(95) ? 'bad' : isOver(80) || isSoon ? 'warn' : null;
      limited++;
      if (health) near++;
      if (health) expected.push(`${health} ${name}`);
    }
    for (let index = 0; index < 20; index++) {
      const whole = wholeOf(random);
      const { used, isFrom } = usedOf(random, whole);
      put(node(`n${index}`, { diskBytes: Number(whole), diskUsedBytes: Number(used) }));
      if (isFrom(85)) expected.push(`${isFrom(95) ? 'bad' : 'warn'} n${index}`);
    }
    const growth: Means['growth'] = async ({ name }) => ({ perDay: 1, daysToFull: days.get(name) ?? null });
    const result = await run(diskSpace, { growth });
    expect(told(result).sort()).toEqual(expected.sort());
    expect(result.facts).toContain(`${limited - near} of ${limited} directories well below their quota`);
  });
});
