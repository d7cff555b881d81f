import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/demo/clock.ts';
import { Timeline } from '../../src/demo/timeline.ts';

describe('Timeline', () => {
  it('runs actions at their own moments, in order, however late the tick', () => {
    const timeline = new Timeline(1000);
    const told: [string, number][] = [];
    const tell = (name: string) => () => told.push([name, timeline.now]);
    timeline.at(3000, tell('late'));
    timeline.after(500, () => {
      tell('early')();
      timeline.after(100, tell('follower'));
    });
    timeline.at(3000, tell('later'));
    timeline.runUntil(5000);
    expect(told).toEqual([
      ['early', 1500],
      ['follower', 1600],
      ['late', 3000],
      ['later', 3000],
    ]);
    expect(timeline.now).toBe(5000);
  });

  it('unfolds alike in one step and in many', () => {
    const run = (step: number) => {
      const timeline = new Timeline(0);
      const told: number[] = [];
      timeline.every(
        () => 70,
        () => timeline.after(33, () => told.push(timeline.now)),
      );
      for (let now = 0; now <= 1000; now += step) timeline.runUntil(now);
      return told;
    };
    expect(run(10)).toEqual(run(1000));
    expect(run(10)).toHaveLength(13);
  });

  it('takes back what was planned', () => {
    const timeline = new Timeline(0);
    let count = 0;
    const cancel = timeline.after(10, () => (count += 1));
    const stop = timeline.every(
      () => 10,
      () => (count += 1),
    );
    timeline.runUntil(5);
    cancel();
    timeline.runUntil(35);
    stop();
    timeline.runUntil(1000);
    expect(count).toBe(3);
    expect(timeline.next).toBeNull();
  });
});

describe('FakeClock', () => {
  it('wakes whoever is due on the way, at their moments', () => {
    const clock = new FakeClock(0);
    const told: number[] = [];
    clock.wakeAt(10, () => {
      told.push(clock.now());
      clock.wakeAt(15, () => told.push(clock.now()));
    });
    clock.wakeAt(12, () => told.push(clock.now()))();
    clock.advance(20);
    expect(told).toEqual([10, 15]);
  });
});
