import type { Node, System } from '../../model/entity.ts';
import { bytes, cores, counted } from '../../text/format.ts';
import type { Means, Probe } from '../checklist.ts';
import { finding } from '../finding.ts';

/** Whether what is asked for still finds room when the largest node is lost. */
export const spareNode: Probe = {
  name: 'a spare node',
  needs: ['node', 'replica'],
  optional: true,
  look(means) {
    const systems: System[] = ['kubernetes', 'swarm'];
    const seen = systems.map(system => lookAt(system, means));
    return { findings: seen.flatMap(one => one?.findings ?? []), facts: seen.flatMap(one => one?.facts ?? []) };
  },
};

const RESOURCES = [
  { name: 'memory', has: (node: Node) => node.memoryBytes, asks: 'memoryRequestBytes', text: bytes },
  { name: 'CPU', has: (node: Node) => node.cpuMillicores, asks: 'cpuRequestMillicores', text: cores },
] as const;

function lookAt(system: System, { fleet }: Means) {
  const nodes = [...fleet.all('node').values()].filter(node => node.system === system);
  const usable = nodes.filter(({ ready, availability }) => ready === true && availability === 'active');
  if (nodes.length === 0) return null;
  const running = [...fleet.all('replica').values()].filter(
    replica => replica.system === system && replica.wanted === 'running',
  );
  const findings = RESOURCES.flatMap(({ name, has, asks, text }) => {
    const sizes = usable.map(has);
    if (sizes.includes(null)) return [finding(`${system} ${name}`, 'unknown', 'how much its nodes have is not known')];
    const asked = running.reduce((sum, replica) => sum + (replica[asks] ?? 0), 0);
    const whole = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    const rest = whole - Math.max(0, ...sizes.map(size => size ?? 0));
    if (asked <= rest) return [];
    const words = `${text(asked)} asked for, ${text(rest)} without the largest node, ${text(whole)} with it`;
    return [finding(`${system} ${name}`, asked > whole ? 'bad' : 'warn', `${words}: add a node`)];
  });
  const unasked = running.filter(({ memoryRequestBytes }) => memoryRequestBytes === null).length;
  const facts = [
    `${system}: ${usable.length} of ${counted(nodes.length, 'node')} take something`,
    ...(unasked > 0 ? [`${unasked} of ${running.length} replicas ask for no memory`] : []),
  ];
  return { findings, facts };
}
