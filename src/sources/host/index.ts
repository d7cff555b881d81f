import { statfs } from 'node:fs/promises';
import { hostname, loadavg, release, type } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Seen } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { orAbort } from '../pulse.ts';
import type { Sink, Source } from '../source.ts';
import { why } from '../why.ts';
import type { HostOptions } from './options.ts';
import { processorTime, type Spent, usedBetween } from './processors.ts';

export type { HostOptions } from './options.ts';

const DEADLINE_MS = 4_000;

/** Watches the machine that the program runs on: processors, memory, one disk. It starts no process. */
export function createHost(name: string, options: HostOptions, { now = Date.now } = {}): Source {
  const ending = new AbortController();
  let requests = 0;
  let done: Promise<void> = Promise.resolve();

  async function watch(sink: Sink): Promise<void> {
    let proven = false;
    let before: Spent | null = null;
    while (!ending.signal.aborted) {
      requests++;
      const spent = processorTime();
      try {
        const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(DEADLINE_MS)]);
        const seen = await orAbort(read(name, options, { now, before, spent }), signal);
        sink.put([seen]);
        sink.coverage('host', { state: 'complete' });
        sink.state({ phase: 'live', proof: true, trouble: null });
        proven = true;
      } catch (error) {
        if (ending.signal.aborted) return;
        const trouble = { what: 'read the load', on: 'this machine', why: why(error), fix: null };
        sink.state({ phase: proven ? 'stale' : 'connecting', trouble });
      }
      // A share of processor time is that between two counts.
      await sleep(before === null ? 1_000 : options.everySeconds * 1000, undefined, { signal: ending.signal }).catch(
        () => {},
      );
      before = spent;
    }
  }

  return {
    name,
    kind: 'host',
    get requests() {
      return requests;
    },
    start(sink) {
      sink.state({ phase: 'connecting', target: printable(hostname(), 200) });
      sink.coverage('host', { state: 'asking' });
      done = watch(sink);
    },
    async stop() {
      ending.abort();
      await done;
    },
  };
}

interface Moment {
  now: () => number;
  /** Processor time when it was counted last, and now. */
  before: Spent | null;
  spent: Spent;
}

async function read(source: string, { disk }: HostOptions, { now, before, spent }: Moment): Promise<Seen<'host'>> {
  const { default: system } = await import('systeminformation');
  // Not system.fsSize(): its child process hangs with any dead mount of the machine.
  const [memory, files] = await Promise.all([system.mem(), statfs(disk)]);
  return {
    id: `${source}/host/${printable(hostname(), 200)}`,
    kind: 'host',
    name: printable(hostname(), 200),
    source,
    observedAt: now(),
    uid: null,
    version: null,
    createdAt: null,
    labels: {},
    cpuMillicores: spent.cores * 1000,
    cpuUsedMillicores: before && usedBetween(before, spent),
    memoryBytes: memory.total,
    memoryUsedBytes: memory.total - memory.available,
    diskBytes: files.blocks * files.bsize,
    diskUsedBytes: (files.blocks - files.bfree) * files.bsize,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    softwareVersion: printable(`${type()} ${release()}`, 100),
  };
}
