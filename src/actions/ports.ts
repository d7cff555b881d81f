import { at } from './prove.ts';
import { InputError } from './verb.ts';

interface ServicePort {
  port: number;
  name?: string;
  targetPort?: number | string;
  protocol?: string;
}

interface PodPort {
  containerPort: number;
  name?: string;
  protocol?: string;
}

/** A port that was asked for: as it is called where it was asked, and where that is in a pod. */
export interface Leading {
  asked: number;
  inPod: number;
}

/**
 * The port of a pod that is meant by a number, by a name, or by nothing: the first that it declares. Throws an InputError.
 */
export function portOfPod(pod: unknown, text: string): Leading {
  const declared = portsOf(pod);
  const wanted = text.trim();
  const found = wanted === '' ? declared[0] : declared.find(({ name }) => name === wanted);
  if (found) return { asked: found.containerPort, inPod: found.containerPort };
  if (wanted === '') throw new InputError('port', 'it declares no port: say which one');
  if (!/^\d+$/.test(wanted))
    throw new InputError('port', `it has no port "${wanted}"; it declares ${listed(declared)}`);
  const number = portIn('port', wanted, 1);
  return { asked: number, inPod: number };
}

/** The port of a service, and where it leads in this pod: named ones are looked up there. Throws an InputError. */
export function portOfService(service: unknown, pod: unknown, text: string): Leading {
  const ports = (at(service, ['spec', 'ports']) ?? []) as ServicePort[];
  const known = ports.filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  const wanted = text.trim();
  const found = wanted === '' ? known[0] : known.find(({ port, name }) => name === wanted || `${port}` === wanted);
  if (!found) {
    const all = known.map(({ port, name }) => word(port, name)).join(', ');
    throw new InputError('port', all === '' ? 'it has no port of TCP' : `it has no port "${wanted}"; it has ${all}`);
  }
  const { port, targetPort = port } = found;
  if (typeof targetPort === 'number') return { asked: port, inPod: targetPort };
  const named = portsOf(pod).find(({ name }) => name === targetPort);
  if (!named) throw new InputError('port', `it leads to a port "${targetPort}", which the pod does not declare`);
  return { asked: port, inPod: named.containerPort };
}

/** A port by its number. Throws an InputError. */
export function portIn(field: string, text: string, least: number): number {
  const port = Number(text);
  if (/^\s*\d{1,5}\s*$/.test(text) && port >= least && port <= 65_535) return port;
  throw new InputError(field, `a port is a number from ${least} to 65535`);
}

/** `8001 (main), 9000`; empty when there is none. */
export function portsListed(pod: unknown): string {
  return listed(portsOf(pod));
}

function listed(ports: readonly PodPort[]): string {
  return ports.map(({ containerPort, name }) => word(containerPort, name)).join(', ');
}

function word(port: number, name = ''): string {
  return name === '' ? `${port}` : `${port} (${name})`;
}

function portsOf(pod: unknown): PodPort[] {
  const containers = at(pod, ['spec', 'containers']);
  return (Array.isArray(containers) ? containers : [])
    .flatMap(({ ports }) => (ports ?? []) as PodPort[])
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP');
}
