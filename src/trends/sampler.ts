import type { Fleet } from '../fleet/fleet.ts';
import type { Kind, Noun } from '../model/entity.ts';
import { MOST_SERIES, type Sample } from '../model/series.ts';
import { MEASURED_KINDS, measuresOf } from './metrics.ts';

/** What is read again and again was read within so long, or nobody knows what it is now. */
const OLD_MS = 10 * 60_000;
/** Their objects are told when they change, their numbers with every measurement. */
const WATCHED: readonly Kind[] = ['node', 'workload'];

/** All numbers as they are now, as many as are kept, those that matter most first. What is not known now is left out. */
export function samplesOf(fleet: Fleet): Sample[] {
  const samples: Sample[] = [];
  const isLive = liveOf(fleet);
  for (const kind of MEASURED_KINDS) {
    for (const noun of fleet.all(kind).values()) {
      if (samples.length >= MOST_SERIES) return samples.slice(0, MOST_SERIES);
      if (!isLive(noun)) continue;
      for (const { metric, value } of measuresOf(noun)) {
        const now = value(noun);
        if (now !== null && Number.isFinite(now)) samples.push({ id: noun.id, metric, value: now });
      }
    }
  }
  return samples;
}

/** Whether the numbers of a noun are those of now. */
function liveOf(fleet: Fleet): (noun: Noun) => boolean {
  const now = fleet.now();
  const live = new Set(fleet.sources().flatMap(({ name, phase }) => (phase === 'live' ? [name] : [])));
  return noun => {
    if (!live.has(noun.source)) return false;
    const state = fleet.coverage(noun.source, noun.kind)?.state;
    if (state === 'failed' || state === 'forbidden') return false;
    // Without a manager the numbers of a Ceph cluster stand still.
    if (noun.kind === 'storage' && noun.managerAvailable === false) return false;
    return WATCHED.includes(noun.kind) || now - noun.observedAt < OLD_MS;
  };
}
