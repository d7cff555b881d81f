import type { Seen } from '../../model/entity.ts';
import { common, type Projecting } from './project.ts';
import { parseBytes } from './quantity.ts';
import { count, items, text, type Wire } from './wire.ts';

export type ServiceObject = Wire<
  {
    type?: unknown;
    clusterIP?: unknown;
    externalName?: unknown;
    externalIPs?: unknown[];
    ports?: { port?: unknown; nodePort?: unknown; protocol?: unknown }[];
    selector?: Record<string, unknown>;
  },
  { loadBalancer?: { ingress?: { ip?: unknown; hostname?: unknown }[] } }
>;

export type ClaimObject = Wire<
  { storageClassName?: unknown; volumeName?: unknown },
  { phase?: unknown; capacity?: Record<string, unknown> }
>;

/** A Service; how many endpoints answer for it comes from elsewhere. */
export function projectService(service: ServiceObject, projecting: Projecting): Seen<'service'> {
  const { spec, status } = service;
  const balancers = items(status?.loadBalancer?.ingress).map(({ ip, hostname }) => text(ip) ?? text(hostname));
  const cluster = text(spec?.clusterIP);
  return {
    ...common('service', 'service', service.metadata, projecting),
    type: text(spec?.type) ?? 'ClusterIP',
    address:
      text(spec?.externalName) ??
      balancers.find(address => address !== null) ??
      (cluster === 'None' ? 'headless' : cluster),
    ports: items(spec?.ports).map(portOf),
    selector: projecting.shared.labels(spec?.selector),
    endpoints: null,
    endpointsReady: null,
  };
}

/** `80/TCP`, `80:30080/TCP`: as kubectl prints it. */
function portOf({ port, nodePort, protocol }: { port?: unknown; nodePort?: unknown; protocol?: unknown }): string {
  const outside = count(nodePort);
  return `${count(port) ?? '?'}${outside ? `:${outside}` : ''}/${text(protocol) ?? 'TCP'}`;
}

export function projectClaim(claim: ClaimObject, projecting: Projecting): Seen<'claim'> {
  const { metadata, spec, status } = claim;
  return {
    ...common('claim', 'claim', metadata, projecting),
    state: metadata?.deletionTimestamp ? 'Terminating' : (text(status?.phase) ?? 'Unknown'),
    capacityBytes: parseBytes(status?.capacity?.storage),
    storageClass: text(spec?.storageClassName),
    volume: text(spec?.volumeName),
  };
}
