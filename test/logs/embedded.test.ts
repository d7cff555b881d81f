import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DemoPlatform } from '../../src/demo/platform.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { LogBuffer, type LogEntry } from '../../src/logs/log-buffer.ts';
import { LogSession } from '../../src/logs/log-session.ts';
import type { Replica } from '../../src/model/entity.ts';
import { createKubernetes } from '../../src/sources/kubernetes/index.ts';
import type { LogQuery } from '../../src/sources/logs.ts';
import { createSwarm } from '../../src/sources/swarm/index.ts';
import { embedded, optionsOf } from '../contract/embedded.ts';

const fleet = new Fleet();
let platform: DemoPlatform;
beforeAll(async () => {
  platform = await embedded({ haste: 10 });
  fleet.watch(createKubernetes('kubernetes', optionsOf(platform, 'kubernetes')));
  fleet.watch(createSwarm('swarm', optionsOf(platform, 'swarm')));
  await vi.waitFor(() => {
    expect(replicasOf('user-service')).toHaveLength(3);
    expect(replicasOf('saasodoo_user-service').length).toBeGreaterThan(0);
  }, 10_000);
});
afterAll(async () => {
  await fleet.stop();
  await platform.close();
});

function replicasOf(name: string): Replica[] {
  const [workload] = fleet.named('workload', name);
  return workload ? fleet.replicasOf(workload.id).filter(({ ready }) => ready) : [];
}

const all = (buffer: LogBuffer) => buffer.slice(0, buffer.size);
const lines = (buffer: LogBuffer) => all(buffer).filter(({ mark }) => mark === null);

function read(name: string, query: Partial<LogQuery>): { session: LogSession; buffer: LogBuffer } {
  const buffer = new LogBuffer();
  const whole: LogQuery = { follow: false, tail: null, sinceSeconds: null, previous: false, ...query };
  const replicas = replicasOf(name);
  const session = new LogSession({ fleet, replicas: () => replicas, query: whole, changed() {}, buffer });
  return { session, buffer };
}

describe.each(['user-service', 'saasodoo_user-service'])('the log of %s', name => {
  it('has the last lines of each replica, and no more', async () => {
    const { session, buffer } = read(name, { tail: 5 });
    await vi.waitFor(() => {
      expect(session.reading).toBe(0);
      expect(lines(buffer)).toHaveLength(5 * session.names.length);
    }, 10_000);
    expect(all(buffer).filter(({ mark }) => mark !== null)).toEqual([]);
    session.close();
  });

  it('has every line of a flood, each replica’s in their order', async () => {
    const { session, buffer } = read(name, { follow: true, tail: 0 });
    await platform.trigger('log-flood', { workload: name, lines: 250, everyMs: 250 });
    const numbers = (replica: string) =>
      lines(buffer).flatMap(entry => (entry.replica === replica ? (/^line (\d{8}) /.exec(entry.text)?.[1] ?? []) : []));
    await vi.waitFor(() => {
      for (const replica of session.names) expect(numbers(replica).length).toBeGreaterThan(5_000);
    }, 20_000);
    session.close();
    await platform.trigger('recover');
    for (const replica of session.names) {
      // The flood may have begun before the log was open.
      const told = numbers(replica).map(Number);
      expect(told.filter((number, index) => index > 0 && number !== (told[index - 1] ?? 0) + 1)).toEqual([]);
    }
  }, 30_000);

  it('goes on with what is written, each line once and each replica’s in the order of time', async () => {
    const { session, buffer } = read(name, { follow: true, tail: 3 });
    await vi.waitFor(() => expect(lines(buffer).length).toBeGreaterThan(3 * session.names.length + 10), 20_000);
    session.close();
    const followed = lines(buffer);
    for (const replica of session.names) {
      const own = followed.filter(entry => entry.replica === replica);
      const inOrder = own.toSorted((a: LogEntry, b: LogEntry) => (a.at ?? 0) - (b.at ?? 0));
      expect(own).toEqual(inOrder);
      // What a whole reading says now begins or ends as what was followed: nothing lost, nothing doubled.
      const again = read(name, { tail: 500 });
      await vi.waitFor(() => expect(again.session.reading).toBe(0), 10_000);
      await vi.waitFor(() => expect(lines(again.buffer).length).toBeGreaterThan(0), 10_000);
      const written = lines(again.buffer).filter(entry => entry.replica === replica);
      const key = ({ at, text }: LogEntry) => `${at} ${text}`;
      const first = written.findIndex(entry => key(entry) === key(own[0] as LogEntry));
      expect(written.slice(first, first + own.length).map(key)).toEqual(own.map(key));
      again.session.close();
    }
  }, 40_000);
});
