import { useEffect, useState } from 'react';
import type { Fleet } from '../src/fleet/fleet.ts';

/**
 * Draws again when a shown time changes: each minute for ages and the clock, each second only while a source is stale
 * (its age is shown in seconds) or connecting (which is well for some seconds only), or `seconds` are shown: by the clock,
 * or by a text, which also tells when something was read that is as it was. With the clock off and nothing stale, ages
 * still turn over by the minute.
 */
export function useClock(fleet: Fleet, seconds: boolean): number {
  const [now, setNow] = useState(fleet.now);
  const doubtful = fleet
    .sources()
    .some(({ phase }) => phase === 'stale' || phase === 'refused' || phase === 'connecting');
  const everyMs = seconds || doubtful ? 1_000 : 60_000;
  useEffect(() => {
    const timer = setTimeout(() => setNow(fleet.now()), everyMs - (fleet.now() % everyMs));
    return () => clearTimeout(timer);
  });
  return now;
}
