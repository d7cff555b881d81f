import type { Seen } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import type { ApiNode } from './api.ts';
import { bytes, labels, millicores, time, told, version, words } from './read.ts';

export type SeenNode = Seen<'node'>;

/**
 * The nodes by their Swarm ids. Names that are not unique (a node that was joined anew while its old self is still
 * listed) get the first 8 letters of the id.
 *
 * @param before what was seen last: a state that is still the same began when it began then
 * @param now by the engine's clock
 */
export function nodesById(
  nodes: readonly ApiNode[],
  source: string,
  before: ReadonlyMap<string, SeenNode>,
  observedAt: number,
  now: number,
): Map<string, SeenNode> {
  const names = uniqueNames(nodes.map(node => ({ id: node.ID!, name: words(node.Description?.Hostname) ?? node.ID! })));
  return new Map(nodes.map(node => [node.ID!, seenNode(node, names.get(node.ID!)!)]));

  function seenNode(node: ApiNode, name: string): SeenNode {
    const { Spec, Description, Status, ManagerStatus } = node;
    const state = words(Status?.State) ?? 'unknown';
    const known = before.get(node.ID!);
    const reachable = ManagerStatus?.Reachability;
    return {
      id: `${source}/node/${name}`,
      kind: 'node',
      name,
      source,
      observedAt,
      uid: node.ID!,
      version: version(node.Version?.Index),
      createdAt: time(node.CreatedAt),
      labels: labels(Spec?.Labels),
      system: 'swarm',
      roles: [Spec?.Role === 'manager' ? 'manager' : 'worker'],
      state,
      ready: state === 'ready' ? true : state === 'unknown' ? null : false,
      stateReason: state === 'ready' ? null : told(Status?.Message),
      // The API has no time for the state; the last change of the node is the best that a first look can tell.
      stateSince: known ? (known.state === state ? known.stateSince : now) : time(node.UpdatedAt),
      availability: availability(Spec?.Availability),
      leader: ManagerStatus?.Leader === true,
      pressures:
        ManagerStatus && reachable !== 'reachable'
          ? [`manager ${words(reachable) ?? 'unknown'}: it does not count for the quorum`]
          : [],
      cpuMillicores: millicores(Description?.Resources?.NanoCPUs),
      cpuUsedMillicores: null,
      memoryBytes: bytes(Description?.Resources?.MemoryBytes),
      memoryUsedBytes: null,
      diskBytes: null,
      diskUsedBytes: null,
      replicaCapacity: null,
      address: address(node),
      softwareVersion: words(Description?.Engine?.EngineVersion),
    };
  }
}

/** The names, printable; those that several have, with the beginning of the id. */
export function uniqueNames(of: { id: string; name: string }[]): Map<string, string> {
  const holders = new Map<string, number>();
  for (const { name } of of) holders.set(name, (holders.get(name) ?? 0) + 1);
  return new Map(
    of.map(({ id, name }) => [id, printable(holders.get(name) === 1 ? name : `${name}-${id.slice(0, 8)}`)]),
  );
}

function availability(word: string | undefined): SeenNode['availability'] {
  return word === 'drain' || word === 'pause' ? word : 'active';
}

/** A manager can call its own address 0.0.0.0. */
function address({ Status, ManagerStatus }: ApiNode): string | null {
  const own = words(Status?.Addr);
  if (own && own !== '0.0.0.0') return own;
  return words(words(ManagerStatus?.Addr)?.replace(/:\d+$/, '')) ?? own;
}
