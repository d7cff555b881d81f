import { beforeEach, describe, expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { MOST_SERIES } from '../../src/model/series.ts';
import type { Sink } from '../../src/sources/source.ts';
import { samplesOf } from '../../src/trends/sampler.ts';
import { directory, node, pool, replica, workload } from '../helpers/nouns.ts';

let now: number;
let fleet: Fleet;
let sink: Sink;

beforeEach(() => {
  now = 1_000_000;
  fleet = new Fleet({ now: () => now });
  fleet.expect('prod', 'kubernetes');
  sink = fleet.sink('prod', 'kubernetes');
  sink.state({ phase: 'live', proof: true });
});

const samples = () => samplesOf(fleet).map(({ id, metric, value }) => `${id.split('/').at(-1)} ${metric} ${value}`);

describe('a sample', () => {
  it('is taken of each number that is known, and of no other', () => {
    sink.put([node('w1', { cpuUsedMillicores: 700, memoryUsedBytes: null, diskUsedBytes: 0 })]);
    sink.put([workload('web')]);
    sink.put([replica('web-1', 'web', { cpuUsedMillicores: 40, memoryUsedBytes: 5_000, restarts: 2 })]);
    fleet.flush();
    expect(samples()).toEqual(['w1 cpu 700', 'w1 disk 0', 'web cpu 40', 'web memory 5000', 'web restarts 2']);
  });

  it('is not taken of what is stale, and again when it is live', () => {
    sink.put([node('w1', { cpuUsedMillicores: 700, memoryUsedBytes: null })]);
    for (const phase of ['stale', 'refused', 'connecting', 'off'] as const) {
      sink.state({ phase });
      expect(samples()).toEqual([]);
    }
    sink.state({ phase: 'live', proof: true });
    expect(samples()).toEqual(['w1 cpu 700']);
  });

  it('is not taken of a list that cannot be read', () => {
    sink.put([directory('data', { source: 'prod', observedAt: now, usedBytes: 7 })]);
    expect(samples()).toEqual(['data used 7']);
    const trouble = { what: 'read usage', on: '/mnt', why: 'it hangs', fix: null };
    sink.coverage('directory', { state: 'failed', trouble });
    expect(samples()).toEqual([]);
  });

  it('is not taken of what was read long ago, though its source is live', () => {
    sink.put([directory('data', { source: 'prod', observedAt: now, usedBytes: 7 })]);
    sink.put([node('w1', { observedAt: now, cpuUsedMillicores: 700, memoryUsedBytes: null })]);
    now += 11 * 60_000;
    expect(samples()).toEqual(['w1 cpu 700']);
  });

  it('is not taken of jobs, which come and go', () => {
    sink.put([workload('backup-1', { type: 'Job' })]);
    sink.put([replica('backup-1-x', 'backup-1', { cpuUsedMillicores: 40 })]);
    fleet.flush();
    expect(samples()).toEqual([]);
  });

  it('is taken of as many numbers as are kept, pools before workloads', () => {
    const names = Array.from({ length: 2 * MOST_SERIES }, (_, index) => `w${index}`);
    sink.put(names.map(name => workload(name)));
    sink.put(names.map(name => replica(`${name}-1`, name, { cpuUsedMillicores: 40 })));
    sink.put([
      pool('pool-1', {
        source: 'prod',
        observedAt: now,
        connections: 5,
        sizeBytes: null,
        assigned: null,
        recorded: null,
      }),
    ]);
    fleet.flush();
    expect(samples()).toHaveLength(MOST_SERIES);
    expect(samples()[0]).toBe('pool-1 connections 5');
  });
});
