import type { Seen } from '../../model/entity.ts';
import { common, type Projecting } from './project.ts';
import { count, items, text, type Wire } from './wire.ts';

interface Backend {
  service?: { name?: unknown; port?: { number?: unknown; name?: unknown } };
  resource?: { kind?: unknown; name?: unknown };
}

export type IngressObject = Wire<{
  defaultBackend?: Backend;
  rules?: { host?: unknown; http?: { paths?: { path?: unknown; backend?: Backend }[] } }[];
}>;

/** Traefik reads the names of middlewares here (`NAMESPACE-NAME@kubernetescrd`). */
const MIDDLEWARES = 'traefik.ingress.kubernetes.io/router.middlewares';

/**
 * An Ingress (networking.k8s.io/v1) as one route: all hosts and paths of its rules, each rule in words. `backend` names
 * the Service that all of them lead to, and is null when they lead to several: then `port` is not known either.
 */
export function projectIngress(
  ingress: IngressObject,
  projecting: Projecting,
): { route: Seen<'route'>; backend: string | null } {
  const { metadata, spec } = ingress;
  const leads = leadsOf(spec);
  const backends = [...new Set(leads.map(({ service }) => service))];
  const ports = [...new Set(leads.map(({ port }) => port))];
  const [backend = null] = backends.length === 1 ? backends : [];
  const [port = null] = backends.length === 1 && ports.length === 1 ? ports : [];
  return {
    route: {
      ...common('route', 'route', metadata, projecting),
      rule: leads.map(({ words }) => words).join(', '),
      hosts: unique(leads.map(({ host }) => host)),
      paths: unique(leads.map(({ path }) => path)),
      middlewares: (text(metadata?.annotations?.[MIDDLEWARES]) ?? '')
        .split(',')
        .map(name => name.trim())
        .filter(name => name !== ''),
      port,
      workload: null,
    },
    backend,
  };
}

interface Lead {
  host: string | null;
  path: string | null;
  service: string | null;
  port: number | null;
  /** `acme.example/shop → web:80` */
  words: string;
}

function leadsOf(spec: IngressObject['spec']): Lead[] {
  const leads = items(spec?.rules).flatMap(({ host, http }) =>
    items(http?.paths).map(({ path, backend }) => leadOf(text(host), text(path), backend)),
  );
  return spec?.defaultBackend ? [...leads, leadOf(null, null, spec.defaultBackend)] : leads;
}

function leadOf(host: string | null, path: string | null, backend: Backend | undefined): Lead {
  const service = text(backend?.service?.name);
  const port = count(backend?.service?.port?.number);
  const portWord = port ?? text(backend?.service?.port?.name);
  const target = service ? [service, portWord].filter(part => part !== null).join(':') : text(backend?.resource?.name);
  return { host, path, service, port, words: `${host ?? '*'}${path ?? ''} → ${target ?? '?'}` };
}

function unique(texts: (string | null)[]): string[] {
  return [...new Set(texts.filter(one => one !== null))];
}
