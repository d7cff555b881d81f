import type { Replica, Service, Workload } from '../model/entity.ts';

export type Behind = Workload | Replica;

/**
 * Whether a Service leads to it, as far as names tell: in its namespace, with every label of its selector (which means
 * the labels of pods; a workload usually bears them too), or with a name of which one begins with the other: `web` and
 * `web-api`.
 */
export function isBehind({ source, namespace, name, labels }: Behind, service: Service): boolean {
  if (source !== service.source || namespace !== service.namespace) return false;
  const wanted = Object.entries(service.selector);
  if (wanted.length > 0 && wanted.every(([label, value]) => labels[label] === value)) return true;
  return begins(name, service.name) || begins(service.name, name);
}

function begins(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}-`);
}
