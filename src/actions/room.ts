import type { Fleet } from '../fleet/fleet.ts';
import type { Node, Replica } from '../model/entity.ts';
import { bytes, cores } from '../text/format.ts';

/** A replica that looks for another place. */
export interface Mover {
  name: string;
  /** What is reserved for it; null: nothing. */
  cpuMillicores: number | null;
  memoryBytes: number | null;
  /** Whether the rules that are known let it run there. */
  mayRunOn(node: Node): boolean;
}

interface Place {
  node: Node;
  /** What is free; null where the node does not tell what it has. */
  cpu: number | null;
  memory: number | null;
  slots: number | null;
  taken: boolean;
}

/**
 * Whether the other nodes have room for what a node gives away, in sentences: by what is reserved against what the
 * nodes can give, as a scheduler counts. The largest are placed first, each where most memory is left.
 */
export function roomFor(movers: readonly Mover[], leaving: Node, fleet: Fleet): string[] {
  if (movers.length === 0) return [];
  const places = placesBeside(leaving, fleet);
  const homeless: Mover[] = [];
  for (const mover of [...movers].sort((a, b) => (b.memoryBytes ?? 0) - (a.memoryBytes ?? 0))) {
    const place = places
      .filter(each => mover.mayRunOn(each.node) && fits(mover, each))
      .sort((a, b) => (b.memory ?? 0) - (a.memory ?? 0))[0];
    if (place) take(place, mover);
    else homeless.push(mover);
  }
  const what = leaving.system === 'swarm' ? 'task' : 'pod';
  const placed = movers.filter(mover => !homeless.includes(mover));
  const on = places.filter(({ taken }) => taken).map(({ node }) => node.name);
  const blind = movers.filter(({ cpuMillicores, memoryBytes }) => cpuMillicores === null && memoryBytes === null);
  return [
    ...(placed.length > 0
      ? [
          `${counted(placed.length, what)} (${sum(placed)}) ${placed.length === 1 ? 'fits' : 'fit'} on ${on.sort().join(', ')}`,
        ]
      : []),
    ...homeless.map(mover => `no room for ${mover.name}: ${sum([mover])}`),
    ...(blind.length > 0
      ? [`${blind.length} of ${movers.length} with nothing reserved: more may be needed than is counted`]
      : []),
  ];
}

function placesBeside(leaving: Node, fleet: Fleet): Place[] {
  const replicas = [...fleet.all('replica').values()];
  return [...fleet.all('node').values()]
    .filter(node => node.source === leaving.source && node.id !== leaving.id)
    .filter(({ ready, availability }) => ready === true && availability === 'active')
    .map(node => {
      const here = replicas.filter(replica => replica.node === node.id && holdsRoom(replica));
      return {
        node,
        cpu: left(node.cpuMillicores, here, 'cpuRequestMillicores'),
        memory: left(node.memoryBytes, here, 'memoryRequestBytes'),
        slots: node.replicaCapacity === null ? null : node.replicaCapacity - here.length,
        taken: false,
      };
    });
}

/** One that has ended holds nothing any more. */
function holdsRoom({ state, wanted, exitCode, ready }: Replica): boolean {
  if (wanted === 'gone') return ready;
  return exitCode === null || !/^(Completed|Succeeded|Failed|Evicted|complete|failed|shutdown)$/.test(state);
}

function left(all: number | null, here: Replica[], of: 'cpuRequestMillicores' | 'memoryRequestBytes'): number | null {
  return all === null ? null : all - here.reduce((total, replica) => total + (replica[of] ?? 0), 0);
}

function fits({ cpuMillicores, memoryBytes }: Mover, { cpu, memory, slots }: Place): boolean {
  const enough = (wanted: number | null, free: number | null) => wanted === null || free === null || wanted <= free;
  return enough(cpuMillicores, cpu) && enough(memoryBytes, memory) && enough(1, slots);
}

function take(place: Place, { cpuMillicores, memoryBytes }: Mover): void {
  place.taken = true;
  if (place.cpu !== null) place.cpu -= cpuMillicores ?? 0;
  if (place.memory !== null) place.memory -= memoryBytes ?? 0;
  if (place.slots !== null) place.slots -= 1;
}

/** "1.5 CPU, 2G" */
function sum(movers: readonly Mover[]): string {
  const cpu = movers.reduce((total, { cpuMillicores }) => total + (cpuMillicores ?? 0), 0);
  const memory = movers.reduce((total, { memoryBytes }) => total + (memoryBytes ?? 0), 0);
  const parts = [cpu > 0 && `${cores(cpu)} CPU`, memory > 0 && bytes(memory)].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'nothing reserved';
}

export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
