import type { Kind, Noun, Nouns } from '../model/entity.ts';
import type { Metric } from '../model/series.ts';
import { bytes, cores, count, duration } from '../text/format.ts';

/** A number of a noun of which a past is kept. */
export interface Measure<N extends Noun = Noun> {
  metric: Metric;
  /** What it is called on a chart, with its unit. */
  title: string;
  /** null: not known. */
  value(noun: N): number | null;
  /** Where it ends; null where it has no end, or that is not known. */
  limit(noun: N): number | null;
  /** It runs full: that it will is worth a word. What only varies, such as CPU, does not. */
  fills: boolean;
  text(value: number): string;
}

const none = () => null;
const whole = (value: number) => count(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));

const CONNECTIONS = { metric: 'connections', title: 'connections', text: whole } as const;
const CPU = { metric: 'cpu', title: 'CPU, cores', fills: false, text: cores } as const;
const MEMORY = { metric: 'memory', title: 'memory, bytes', text: bytes } as const;
const DISK = { metric: 'disk', title: 'disk, bytes', fills: true, text: bytes } as const;
const SIZE = { metric: 'size', title: 'size, bytes', fills: false, limit: none, text: bytes } as const;
const LATENCY = { metric: 'latency', title: 'answer', fills: false, limit: none, text: duration } as const;
const USED = { metric: 'used', title: 'used, bytes', fills: true, text: bytes } as const;

/**
 * Which numbers are kept of which nouns, the main one of each first. In the order in which they matter: where there is
 * not room for all, the last have no past. Pods have none: they come and go, their workloads stay.
 */
const MEASURES: { readonly [K in Kind]?: readonly Measure<Nouns[K]>[] } = {
  storage: [{ ...USED, value: storage => storage.usedBytes, limit: storage => storage.totalBytes }],
  host: [
    { ...CPU, value: host => host.cpuUsedMillicores, limit: host => host.cpuMillicores },
    { ...MEMORY, fills: true, value: host => host.memoryUsedBytes, limit: host => host.memoryBytes },
    { ...DISK, value: host => host.diskUsedBytes, limit: host => host.diskBytes },
  ],
  node: [
    { ...CPU, value: node => node.cpuUsedMillicores, limit: node => node.cpuMillicores },
    { ...MEMORY, fills: true, value: node => node.memoryUsedBytes, limit: node => node.memoryBytes },
    { ...DISK, value: node => node.diskUsedBytes, limit: node => node.diskBytes },
  ],
  pool: [
    { ...CONNECTIONS, fills: true, value: pool => pool.connections, limit: pool => pool.maxConnections },
    { ...SIZE, value: pool => pool.sizeBytes },
    {
      metric: 'instances',
      title: 'instances',
      fills: true,
      text: whole,
      value: pool => pool.assigned ?? pool.recorded,
      limit: pool => pool.maxInstances,
    },
    { ...LATENCY, value: pool => pool.latencyMs },
  ],
  check: [{ ...LATENCY, value: check => check.latencyMs }],
  directory: [{ ...USED, value: directory => directory.usedBytes, limit: directory => directory.quotaBytes }],
  database: [
    { ...SIZE, value: database => database.sizeBytes },
    { ...CONNECTIONS, fills: false, value: database => database.connections, limit: none },
  ],
  workload: [
    { ...CPU, value: workload => workload.cpuUsedMillicores, limit: none },
    { ...MEMORY, fills: false, value: workload => workload.memoryUsedBytes, limit: none },
    {
      metric: 'restarts',
      title: 'restarts',
      fills: false,
      text: whole,
      value: workload => workload.restarts,
      limit: none,
    },
  ],
};

export const MEASURED_KINDS = Object.keys(MEASURES) as Kind[];

/** The numbers of a noun of which a past is kept, the main one first; none for what comes and goes by itself. */
export function measuresOf(noun: Noun): readonly Measure[] {
  if (noun.kind === 'workload' && noun.type.endsWith('Job')) return [];
  return (MEASURES[noun.kind] ?? []) as readonly Measure[];
}
