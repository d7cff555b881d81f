import { describe, expect, it, vi } from 'vitest';
import { Lane } from '../../../src/sources/cephfs/lane.ts';
import { Hanging } from '../../../src/sources/cephfs/read-error.ts';
import type { RunResult } from '../../../src/sources/runner.ts';

const DONE: RunResult = { code: 0, stdout: '', stderr: '', timedOut: false };
const OPTIONS = { deadlineMs: 1_000 };

describe('a lane', () => {
  it('has only so many children at once', async () => {
    let running = 0;
    let most = 0;
    const lane = new Lane(async () => {
      most = Math.max(most, ++running);
      await new Promise(resolve => setImmediate(resolve));
      running--;
      return DONE;
    }, 3);
    await Promise.all(Array.from({ length: 20 }, () => lane.run(['x'], OPTIONS)));
    expect(most).toBe(3);
    expect(lane.started).toBe(20);
  });

  it('starts nothing while an older child hangs, and goes on when that has ended', async () => {
    const ended = Promise.withResolvers<void>();
    const results: RunResult[] = [{ ...DONE, code: null, timedOut: true, gone: ended.promise }];
    const lane = new Lane(async () => results.shift() ?? DONE, 1);
    const first = lane.run(['x'], OPTIONS);
    const waiting = lane.run(['x'], OPTIONS);
    await expect(first).resolves.toMatchObject({ timedOut: true });
    await expect(waiting).rejects.toBeInstanceOf(Hanging);
    await expect(lane.run(['x'], OPTIONS)).rejects.toBeInstanceOf(Hanging);
    expect(lane.started).toBe(1);
    expect(lane.hangingSince).not.toBeNull();
    ended.resolve();
    await vi.waitFor(() => expect(lane.hangingSince).toBeNull());
    await expect(lane.run(['x'], OPTIONS)).resolves.toEqual(DONE);
    expect(lane.started).toBe(2);
  });

  it('holds a child for a minute whose end nobody can see', async () => {
    vi.useFakeTimers();
    try {
      const lane = new Lane(async () => ({ ...DONE, code: null, timedOut: true }), 1);
      await lane.run(['x'], OPTIONS);
      await vi.advanceTimersByTimeAsync(59_000);
      await expect(lane.run(['x'], OPTIONS)).rejects.toBeInstanceOf(Hanging);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(lane.hangingSince).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it('frees its place when a command could not be started', async () => {
    const lane = new Lane(() => Promise.reject(new Error('no')), 1);
    await expect(lane.run(['x'], OPTIONS)).rejects.toThrow('no');
    await expect(lane.run(['x'], OPTIONS)).rejects.toThrow('no');
  });
});
