import { describe, expect, it } from 'vitest';
import type { Means } from '../../src/checklists/checklist.ts';
import { capacity } from '../../src/checklists/items/capacity.ts';
import { trends } from '../../src/checklists/items/trends.ts';
import { Random } from '../../src/demo/random.ts';
import type { Point } from '../../src/model/series.ts';
import { outlookOf } from '../../src/trends/forecast.ts';
import { directory, node, pool, replica, storage, workload } from '../helpers/nouns.ts';
import { DAY_MS, HandMade, NOW, told } from './hand-made.ts';

const G = 2 ** 30;

/** Each number as it was on 40 days, growing by so much of what it is now a day; the others stand still. */
function ahead(perDay: Record<string, number>, days = 40): Pick<Means, 'ahead'> {
  return {
    ahead: async (noun, measure) => {
      const value = measure.value(noun) ?? 0;
      const rate = (perDay[`${noun.name} ${measure.metric}`] ?? 0) * value;
      const points = Array.from({ length: days }, (_, day): Point => {
        const mean = value - rate * (days - day);
        return { at: NOW - (days - day) * DAY_MS, mean, min: mean, max: mean, count: 1 };
      });
      return outlookOf(points, value, measure.limit(noun));
    },
  };
}

const platform = () =>
  new HandMade(['kubernetes', 'postgres', 'cephfs']).tell(
    node('w1'),
    node('w2'),
    storage('fs'),
    directory('data', { usedBytes: 5 * G }),
    pool('pool-1', { assigned: 20, maxInstances: 50 }),
    workload('web'),
    replica('web-1', 'web', { memoryUsedBytes: G, memoryRequestBytes: G, cpuRequestMillicores: 500 }),
  );

describe('the trends of a week', () => {
  it('pass where nothing will be full soon', async () => {
    const result = await platform().run(trends, {}, ahead({ 'fs used': 0.001 }));
    expect([result.verdict, ...told(result)]).toEqual(['pass']);
    expect(result.reason).toContain('nodes: 0 of 4 numbers grow');
    expect(result.reason).toContain('the cluster, directories: 1 of 2 numbers grow');
  });

  it.each([
    ['w1 memory', 0.04, 'warn w1: memory full in 25 d'],
    ['fs used', 0.05, 'warn fs: space full in 16 d'],
    ['data used', 0.1, 'warn data: quota full in 10 d'],
    ['data used', 0.5, 'bad data: quota full in 2 d'],
    ['pool-1 connections', 0.05, 'warn pool-1: connections full in 22 d'],
    ['pool-1 instances', 0.06, 'warn pool-1: instances full in 25 d'],
    ['web memory', 0.05, 'warn web: memory grows by at least 35 % a week'],
  ])('tell of %s, which grows by %d of it a day', async (number, perDay, expected) => {
    const result = await platform().run(trends, {}, ahead({ [number]: perDay }));
    expect(told(result)).toEqual([expected]);
    // The key that opens its chart asks for the noun.
    expect(result.findings[0]?.about).not.toBeNull();
    expect(result.findings[0]?.evidence[0]).toMatch(/grows by .* a day/);
  });

  it('have the threshold of the profile', async () => {
    const grows = ahead({ 'fs used': 0.01 });
    expect(told(await platform().run(trends, { trendDays: 79 }, grows))).toEqual([]);
    expect(told(await platform().run(trends, { trendDays: 81 }, grows))).toEqual(['warn fs: space full in 80 d']);
  });

  it('cannot be told without a past', async () => {
    const none = await platform().run(trends);
    expect(none.verdict).toBe('cannot-tell');
    expect(told(none)[0]).toMatch(/no past is kept of them/);
    const short = await platform().run(trends, {}, ahead({ 'fs used': 0.05 }, 3));
    expect([short.verdict, told(short)[0]]).toEqual([
      'cannot-tell',
      expect.stringMatching(/not enough history yet for any of them/),
    ]);
  });
});

/** A number that moves by whole units a millisecond, so that the day on which it is full is exact. */
interface Course {
  value: number;
  limit: number;
  points: Point[];
  grows: boolean;
  isShort: boolean;
  /** Until it is full; null: never, or too far away for its past. */
  days: number | null;
}

function courseOf(random: Random, trendDays: number): Course {
  const perDay = random.integer(1, 9) * DAY_MS;
  const value = perDay * random.integer(31, 60);
  const slope = perDay * random.pick([1, 1, 1, 0, -1]);
  const [count, room] = [random.pick([7, 8, 30]), random.pick([0, 1, 2, 3, 4, 27, 28, 29, trendDays, 70, 115, 117])];
  const days = Math.max(0, room - random.integer(0, 1));
  const points = Array.from({ length: count }, (_, index): Point => {
    const mean = value - slope * (count - index);
    return { at: NOW - (count - index) * DAY_MS, mean, min: mean, max: mean, count: 1 };
  });
  const isShort = count < 8;
  const grows = slope > 0 && !isShort;
  // A past tells of four times its own length.
  const isTold = grows && days <= 4 * (count - 1);
  return { value, limit: value + perDay * days, points, grows, isShort, days: isTold ? days : null };
}

describe('the trends of a random platform', () => {
  it.each([1, 2, 3, 4, 5, 6])('are counted, and what is full within the limits (seed %i)', async seed => {
    const random = new Random(seed);
    const trendDays = random.integer(20, 110);
    const made = new HandMade(['kubernetes', 'postgres', 'cephfs']);
    const courses = new Map<string, Course | null>();
    const expected: string[] = [];
    const counts = {
      nodes: { all: 0, grow: 0, short: 0 },
      pools: { all: 0, grow: 0, short: 0 },
      'the cluster, directories': { all: 0, grow: 0, short: 0 },
    };
    const draw = (of: keyof typeof counts, name: string, metric: string, what: string | null): Course => {
      const course = courseOf(random, trendDays);
      const isKept = random.chance(0.9);
      courses.set(`${name} ${metric}`, isKept ? course : null);
      if (!isKept) return course;
      counts[of].all++;
      if (course.grows) counts[of].grow++;
      if (course.isShort) counts[of].short++;
      const { days } = course;
      if (what && days !== null && days < trendDays) expected.push(`${days < 3 ? 'bad' : 'warn'} ${name}: ${what}`);
      return course;
    };
    for (let index = 0; index < 12; index++) {
      const cpu = draw('nodes', `n${index}`, 'cpu', 'CPU');
      const memory = draw('nodes', `n${index}`, 'memory', 'memory');
      const disk = draw('nodes', `n${index}`, 'disk', 'disk');
      const connections = draw('pools', `p${index}`, 'connections', 'connections');
      const size = draw('pools', `p${index}`, 'size', null);
      const instances = draw('pools', `p${index}`, 'instances', 'instances');
      const isLimited = random.chance(0.7);
      const used = draw('the cluster, directories', `d${index}`, 'used', isLimited ? 'quota' : null);
      made.tell(
        node(`n${index}`, {
          ...{ cpuUsedMillicores: cpu.value, cpuMillicores: cpu.limit },
          ...{ memoryUsedBytes: memory.value, memoryBytes: memory.limit },
          ...{ diskUsedBytes: disk.value, diskBytes: disk.limit },
        }),
        pool(`p${index}`, {
          ...{ connections: connections.value, maxConnections: connections.limit, sizeBytes: size.value },
          ...{ assigned: instances.value, maxInstances: instances.limit },
        }),
        directory(`d${index}`, { usedBytes: used.value, quotaBytes: isLimited ? used.limit : null }),
      );
    }
    const filled = draw('the cluster, directories', 'fs', 'used', 'space');
    made.tell(storage('fs', { usedBytes: filled.value, totalBytes: filled.limit }));
    const result = await made.run(
      trends,
      { trendDays },
      {
        ahead: async (noun, measure) => {
          const course = courses.get(`${noun.name} ${measure.metric}`);
          return course ? outlookOf(course.points, measure.value(noun), measure.limit(noun)) : null;
        },
      },
    );
    expect(
      told(result)
        .map(words => words.replace(/ full.*/, ''))
        .sort(),
    ).toEqual(expected.sort());
    for (const [of, { all, grow, short }] of Object.entries(counts))
      expect(result.facts).toContain(
        `${of}: ${grow} of ${all} numbers grow${short > 0 ? `, ${short} without enough history` : ''}`,
      );
  });

  it.each([1, 2, 3])('are counted of the memory of workloads (seed %i)', async seed => {
    const random = new Random(seed);
    const memoryGrowthPercent = random.pick([7, 10, 14, 20]);
    const made = new HandMade(['kubernetes']).tell(node('n1'));
    const slopes = new Map<string, number>();
    const expected: string[] = [];
    for (let index = 0; index < 40; index++) {
      const perDay = random.integer(1, 9) * DAY_MS;
      // So many days of growth are what it is now: of them, a week is seven.
      const days = 700 / memoryGrowthPercent + random.integer(-2, 2);
      const slope = random.pick([1, 1, 0, -1]);
      slopes.set(`w${index}`, perDay * slope);
      made.tell(workload(`w${index}`));
      made.tell(replica(`w${index}-1`, `w${index}`, { memoryUsedBytes: perDay * days }));
      if (slope > 0 && 700 > memoryGrowthPercent * days) expected.push(`w${index}`);
    }
    const result = await made.run(
      trends,
      { memoryGrowthPercent },
      {
        ahead: async (noun, measure) => {
          const value = measure.value(noun) ?? 0;
          const points = Array.from({ length: 30 }, (_, index): Point => {
            const mean = value - (slopes.get(noun.name) ?? 0) * (30 - index);
            return { at: NOW - (30 - index) * DAY_MS, mean, min: mean, max: mean, count: 1 };
          });
          return outlookOf(points, value, measure.limit(noun));
        },
      },
    );
    expect(result.findings.map(({ target }) => target).sort()).toEqual(expected.sort());
    expect(result.facts).toContain(`${expected.length} of 40 workloads with memory that grows`);
  });
});

describe('capacity', () => {
  it('passes where there is room for months', async () => {
    const result = await platform().run(capacity, {}, ahead({}));
    expect([result.verdict, ...told(result)]).toEqual(['pass']);
    expect(result.reason).toContain('30 of 50 places left in 1 pool');
  });

  it('says what to add, and by when it has to be ordered', async () => {
    const result = await platform().run(capacity, {}, ahead({ 'fs used': 0.02 }));
    expect(told(result)).toEqual(['warn fs: space full in 40 d: add disks to the cluster by 2026-12-19']);
  });

  it('fails where it would come too late', async () => {
    const result = await platform().run(capacity, {}, ahead({ 'fs used': 0.08 }));
    expect([result.verdict, ...told(result)]).toEqual([
      'fail',
      'bad fs: space full in 10 d: add disks to the cluster now',
    ]);
  });

  it('counts the places of all pools together, and how fast they are taken', async () => {
    const made = platform().tell(
      pool('pool-2', { assigned: 48, maxInstances: 50 }),
      pool('own', { serverType: 'dedicated', assigned: 1, maxInstances: 1 }),
    );
    expect(told(await made.run(capacity, {}, ahead({})))).toEqual([]);
    expect(told(await made.run(capacity, { placesPercent: 40 }, ahead({})))).toEqual([
      'warn pools: 32 of 100 places left: provision another pool now',
    ]);
    expect(told(await made.run(capacity, {}, ahead({ 'pool-1 instances': 0.02 })))).toContain(
      'warn pools: 32 of 100 places left, for about 80 d: provision another pool by 2027-01-28',
    );
  });

  it('asks whether everything finds room without the largest node', async () => {
    const made = platform().tell(replica('big', 'web', { memoryRequestBytes: 8 * G, cpuRequestMillicores: 1000 }));
    expect(told(await made.run(capacity, {}, ahead({})))).toEqual([
      'warn kubernetes memory: 9.0G asked for, 8.0G without the largest node, 16G with it: add a node',
    ]);
    made.tell(replica('bigger', 'web', { memoryRequestBytes: 8 * G }));
    expect(told(await made.run(capacity, {}, ahead({})))[0]).toMatch(/^bad kubernetes memory/);
  });

  it.each([1, 2, 3, 4, 5, 6])('counts places and room on a random platform (seed %i)', async seed => {
    const random = new Random(seed);
    const made = new HandMade(['kubernetes', 'postgres', 'cephfs']).tell(storage('fs'), directory('data'));
    const room = { memory: [] as number[], cpu: [] as number[] };
    for (let index = 0; index < 6; index++) {
      const [memory, cpu, isUsable] = [random.integer(8, 64), random.integer(2, 16), index === 0 || random.chance(0.8)];
      const state = random.pick([{ ready: false }, { availability: 'drain' as const }]);
      made.tell(node(`n${index}`, { memoryBytes: memory * G, cpuMillicores: cpu * 1000, ...(isUsable ? {} : state) }));
      if (isUsable) room.memory.push(memory);
      if (isUsable) room.cpu.push(cpu);
    }
    const asked = { memory: 0, cpu: 0 };
    made.tell(workload('web'));
    for (let index = random.integer(0, 40); index > 0; index--) {
      const [memory, cpu, wanted] = [random.integer(1, 8), random.integer(0, 3), random.chance(0.8)];
      const asks = { memoryRequestBytes: memory * G, cpuRequestMillicores: cpu * 1000 };
      made.tell(replica(`web-${index}`, 'web', { ...asks, wanted: wanted ? 'running' : 'completed' }));
      if (wanted) asked.memory += memory;
      if (wanted) asked.cpu += cpu;
    }
    const expected: string[] = [];
    for (const [name, what] of [['memory', 'memory'] as const, ['CPU', 'cpu'] as const]) {
      const smallerFirst = room[what].toSorted((a, b) => a - b);
      const whole = smallerFirst.reduce((sum, size) => sum + size, 0);
      const rest = whole - smallerFirst.at(-1)!;
      if (asked[what] > rest) expected.push(`${asked[what] > whole ? 'bad' : 'warn'} kubernetes ${name}`);
    }
    const places = { left: 0, all: 0 };
    for (let index = 0; index < 8; index++) {
      const maxInstances = random.integer(5, 80);
      const assigned = random.integer(Math.floor(maxInstances / 2), maxInstances - 1);
      const counts = index === 0 || random.chance(0.7);
      made.tell(pool(`p${index}`, { maxInstances, assigned, ...(counts ? {} : { serverType: 'dedicated' }) }));
      if (counts) places.left += maxInstances - assigned;
      if (counts) places.all += maxInstances;
    }
    const placesPercent = random.integer(5, 40);
    if (places.left * 100 < places.all * placesPercent) expected.push('warn pools');
    const result = await made.run(capacity, { placesPercent }, ahead({}));
    expect(result.findings.map(({ target, health }) => `${health} ${target}`).sort()).toEqual(expected.sort());
    expect(result.facts).toContain(`${places.left} of ${places.all} places left`);
  });

  it('cannot tell where nodes do not say what they have, or without a past', async () => {
    const made = platform().tell(node('w2', { memoryBytes: null, memoryUsedBytes: null }));
    expect(told(await made.run(capacity, {}, ahead({})))).toEqual([
      'unknown kubernetes memory: how much its nodes have is not known',
    ]);
    expect((await platform().run(capacity)).verdict).toBe('cannot-tell');
  });
});
