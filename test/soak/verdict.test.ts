import { describe, expect, it } from 'vitest';
import type { Sample } from './messages.ts';
import { memoryVerdict, requestsVerdict, slope } from './verdict.ts';

/** Ten minutes, a sample every 5 seconds. */
function samples(heapAt: (minute: number) => number, rssAt = () => 200e6): Sample[] {
  return Array.from({ length: 120 }, (_, index) => ({
    type: 'sample',
    at: index * 5,
    heapBytes: heapAt(index / 12),
    rssBytes: rssAt(),
    cpuSeconds: 0,
    requests: { swarm: 300 },
  }));
}

describe('the verdict', () => {
  it('takes a beginning that grows and a tail that swings', () => {
    expect(memoryVerdict(samples(minute => 50e6 + Math.min(minute, 3) * 20e6)).wrong).toBeNull();
    expect(memoryVerdict(samples(minute => 50e6 + Math.sin(minute * 20) * 5e6)).wrong).toBeNull();
  });

  it('finds a leak of 2 MB a minute', () => {
    expect(memoryVerdict(samples(minute => 50e6 + minute * 2e6)).wrong).toEqual([
      'heap after collection 69.8 MB at the end, +9.8 MB over the last 4.9 minutes (at most 4.5)',
    ]);
  });

  it('judges nothing by a few samples', () => {
    expect(memoryVerdict(samples(() => 50e6).slice(0, 8)).wrong).toEqual(['there are too few samples']);
  });

  it('counts the requests of each source against the time and its faults', () => {
    const last = samples(() => 0).at(-1);
    expect(requestsVerdict(last, { swarm: 'swarm' }, {}).wrong).toBeNull();
    const many = last && { ...last, requests: { swarm: 500 } };
    expect(requestsVerdict(many, { swarm: 'swarm' }, {}).wrong).toEqual(['swarm 500 of 328']);
    expect(requestsVerdict(many, { swarm: 'swarm' }, { swarm: 6 }).wrong).toBeNull();
  });

  it('puts a line through points', () => {
    const rising = [0, 1, 2].map(x => [x, 1 + 2 * x] as const);
    expect(slope(rising)).toBe(2);
  });
});
