import type { Seen } from '../../model/entity.ts';
import type { ApiNetwork } from './api.ts';
import { uniqueNames } from './nodes.ts';
import { labels, time, words } from './read.ts';

export type SeenNetwork = Seen<'network'>;

/** The networks; local ones can share a name and then carry the beginning of their ids. */
export function seenNetworks(networks: readonly ApiNetwork[], source: string, observedAt: number): SeenNetwork[] {
  const names = uniqueNames(networks.map(({ Id, Name }) => ({ id: Id!, name: words(Name) ?? Id! })));
  return networks.map(network => {
    const name = names.get(network.Id!)!;
    return {
      id: `${source}/network/${name}`,
      kind: 'network',
      name,
      source,
      observedAt,
      uid: network.Id!,
      version: null,
      createdAt: time(network.Created),
      labels: labels(network.Labels),
      driver: words(network.Driver) ?? 'null',
      scope: words(network.Scope) ?? 'unknown',
      attachable: network.Attachable === true,
    };
  });
}
