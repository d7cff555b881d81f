import childProcess from 'node:child_process';
import { cpus, hostname, totalmem } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { createHost } from '../../../src/sources/host/index.ts';
import { HostOptions } from '../../../src/sources/host/options.ts';
import { usedBetween } from '../../../src/sources/host/processors.ts';
import type { Source } from '../../../src/sources/source.ts';
import { RecordingSink } from '../../helpers/recording-sink.ts';

const running: Source[] = [];
/** Before anything loads a library that keeps its own name for it. */
const shell = vi.spyOn(childProcess, 'execSync');

afterEach(async () => {
  await Promise.all(running.splice(0).map(source => source.stop()));
});

function watch(options: Record<string, unknown> = {}): RecordingSink {
  const source = createHost('here', HostOptions.parse({ kind: 'host', everySeconds: 1, ...options }));
  const sink = new RecordingSink();
  running.push(source);
  source.start(sink);
  return sink;
}

test('tells processors, memory and disk of this machine', async () => {
  const sink = watch();
  const host = () => sink.get('host', `here/host/${hostname()}`);
  await vi.waitFor(() => expect(host()?.cpuUsedMillicores).toBeTypeOf('number'), 10_000);
  expect(host()?.cpuMillicores).toBe(cpus().length * 1000);
  expect(host()?.cpuUsedMillicores).toBeLessThanOrEqual(cpus().length * 1000);
  expect(Math.abs((host()?.memoryBytes ?? 0) - totalmem())).toBeLessThan(4096 * 16);
  expect(host()?.memoryUsedBytes).toBeGreaterThan(0);
  expect(host()?.memoryUsedBytes).toBeLessThan(host()?.memoryBytes ?? 0);
  expect(host()?.diskUsedBytes).toBeGreaterThan(0);
  expect(host()?.diskUsedBytes).toBeLessThanOrEqual(host()?.diskBytes ?? 0);
  expect(sink.phase).toBe('live');
});

test('the first share of processor time is unknown: it would be that since the machine started', async () => {
  const sink = watch();
  const put = vi.spyOn(sink, 'put');
  await vi.waitFor(() => expect(put).toHaveBeenCalled(), 10_000);
  expect(put.mock.calls[0]?.[0][0]).toMatchObject({ kind: 'host', cpuUsedMillicores: null });
});

test('a disk that cannot be read is told, and no number is made up', async () => {
  const sink = watch({ disk: '/nonexistent' });
  await vi.waitFor(() => expect(sink.trouble?.why).toBe('no such file'), 10_000);
  expect(sink.all('host')).toEqual([]);
  expect(sink.phase).toBe('connecting');
});

test('processor time is a share of all processors between two counts, and unknown without one', () => {
  const before = { cores: 4, busy: 1_000, whole: 10_000 };
  expect(usedBetween(before, { cores: 4, busy: 1_500, whole: 12_000 })).toBe(1_000);
  expect(usedBetween(before, before)).toBeNull();
  expect(usedBetween(before, { cores: 2, busy: 1_500, whole: 12_000 })).toBeNull();
});

test('starts no shell: the screen would stand still until it ends', async () => {
  const sink = watch();
  await vi.waitFor(() => expect(sink.all('host')[0]?.cpuUsedMillicores).toBeTypeOf('number'), 10_000);
  expect(shell).not.toHaveBeenCalled();
});
