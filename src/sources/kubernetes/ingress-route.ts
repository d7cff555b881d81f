import type { Seen } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { readRule } from '../../model/routes.ts';
import { common, type Projecting } from './project.ts';
import { count, items, text, type Wire } from './wire.ts';

interface Target {
  name?: unknown;
  namespace?: unknown;
  /** Service when it is left out, else TraefikService. */
  kind?: unknown;
  /** A number, or the name of a port. */
  port?: unknown;
}

export type IngressRouteObject = Wire<{
  routes?: { match?: unknown; services?: Target[]; middlewares?: { name?: unknown; namespace?: unknown }[] }[];
}>;

/**
 * An IngressRoute (traefik.io/v1alpha1, doc.traefik.io: Kubernetes CRD, IngressRoute) as one route: the hosts and paths
 * of all its matches, each in words with where it leads to. `backend` names the Service that all of them lead to, as
 * `NAMESPACE/NAME`; null when they lead to several or to none.
 */
export function projectIngressRoute(
  object: IngressRouteObject,
  projecting: Projecting,
): { route: Seen<'route'>; backend: string | null } {
  const { metadata, spec } = object;
  const seen = common('route', 'ingressroute', metadata, projecting);
  const own = seen.namespace ?? '?';
  const rules = items(spec?.routes).map(({ match, services, middlewares }) => ({
    match: text(match) ?? '?',
    leads: items(services).map(service => leadOf(service, own)),
    middlewares: items(middlewares).map(({ name, namespace }) => middlewareName(text(name), text(namespace) ?? own)),
  }));
  const leads = rules.flatMap(rule => rule.leads);
  const backends = [...new Set(leads.map(({ backend }) => backend))];
  const ports = [...new Set(leads.map(({ port }) => port))];
  const read = rules.map(({ match }) => readRule(match));
  const [backend = null] = backends.length === 1 ? backends : [];
  const [port = null] = backends.length === 1 && ports.length === 1 ? ports : [];
  return {
    route: {
      ...seen,
      rule: rules
        .map(({ match, leads }) => `${match} → ${leads.map(({ words }) => words).join(' + ') || '?'}`)
        .join(', '),
      hosts: [...new Set(read.flatMap(({ hosts }) => hosts))],
      paths: [...new Set(read.flatMap(({ paths }) => paths))],
      middlewares: [...new Set(rules.flatMap(({ middlewares }) => middlewares))],
      port,
      workload: null,
    },
    backend,
  };
}

function leadOf({ name, namespace, kind, port }: Target, own: string) {
  const service = text(name) ?? '?';
  const number = count(port);
  const portWord = number ?? text(port);
  const isService = (text(kind) ?? 'Service') === 'Service';
  return {
    backend: isService ? `${text(namespace) ?? own}/${service}` : null,
    port: number,
    words: portWord === null ? service : `${service}:${portWord}`,
  };
}

/** As Traefik names them; those of another provider say so themselves. */
function middlewareName(name: string | null, namespace: string): string {
  if (name === null) return '?';
  return name.includes('@') ? name : printable(`${namespace}-${name}@kubernetescrd`);
}
