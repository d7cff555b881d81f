import type { Fleet } from '../fleet/fleet.ts';
import type { Noun } from '../model/entity.ts';
import type { FeedEvent } from '../model/event.ts';

/**
 * What keys act upon: of an instance or a pool the service that runs it, where there is one and no second; of an event what
 * it is about, where that is still there; else the noun itself.
 */
export function actedUpon(subject: Noun | FeedEvent, fleet: Fleet): Noun | undefined {
  if (!('kind' in subject)) {
    const about = subject.about === null ? undefined : fleet.find(subject.about);
    return about && actedUpon(about, fleet);
  }
  const name = subject.kind === 'instance' ? subject.serviceName : subject.kind === 'pool' ? subject.name : null;
  const [service, second] = name === null ? [] : fleet.named('workload', name);
  return service && !second ? service : subject;
}
