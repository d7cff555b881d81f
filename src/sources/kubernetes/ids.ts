import type { Kind } from '../../model/entity.ts';
import { pathOfObject } from '../../model/object-id.ts';

/** How an id names what it is, and where the API keeps that. */
const PLACES = {
  node: { kind: 'node', root: '/api/v1', plural: 'nodes' },
  pod: { kind: 'replica', root: '/api/v1', plural: 'pods' },
  deployment: { kind: 'workload', root: '/apis/apps/v1', plural: 'deployments' },
  statefulset: { kind: 'workload', root: '/apis/apps/v1', plural: 'statefulsets' },
  daemonset: { kind: 'workload', root: '/apis/apps/v1', plural: 'daemonsets' },
  job: { kind: 'workload', root: '/apis/batch/v1', plural: 'jobs' },
  cronjob: { kind: 'workload', root: '/apis/batch/v1', plural: 'cronjobs' },
  service: { kind: 'service', root: '/api/v1', plural: 'services' },
  route: { kind: 'route', root: '/apis/networking.k8s.io/v1', plural: 'ingresses' },
  ingressroute: { kind: 'route', root: '/apis/traefik.io/v1alpha1', plural: 'ingressroutes' },
  claim: { kind: 'claim', root: '/api/v1', plural: 'persistentvolumeclaims' },
} as const satisfies Record<string, { kind: Kind; root: string; plural: string }>;

export type Word = keyof typeof PLACES;

/** `prod/saasodoo/pod/odoo-x-7f`; nodes stand in no namespace: `prod/node/cp-1`. */
export function idOf(source: string, word: Word, name: string, namespace: string | null): string {
  return namespace === null ? `${source}/${word}/${name}` : `${source}/${namespace}/${word}/${name}`;
}

/** Kinds that have another name here. */
const OTHER_WORDS: Readonly<Record<string, Word>> = { PersistentVolumeClaim: 'claim', Ingress: 'route' };

/** The id of what an owner reference or an event names by kind; null for kinds that are not watched. */
export function idByKind(source: string, kind: string, name: string, namespace: string | null): string | null {
  const word = OTHER_WORDS[kind] ?? kind.toLowerCase();
  if (!Object.hasOwn(PLACES, word)) return null;
  return idOf(source, word as Word, name, word === 'node' ? null : namespace);
}

/** Where the API answers for one object: `/api/v1/namespaces/saasodoo/pods/odoo-x-7f`; null for a foreign id. */
export function pathOf(source: string, kind: Kind, id: string): string | null {
  if (kind === 'object') return pathOfObject(source, id);
  if (!id.startsWith(`${source}/`)) return null;
  const parts = id.slice(source.length + 1).split('/');
  const [namespace, word, name] = parts.length === 2 ? [null, ...parts] : parts;
  if (!word || !name || parts.length > 3 || !Object.hasOwn(PLACES, word)) return null;
  const place = PLACES[word as Word];
  if (place.kind !== kind || (word === 'node') !== (namespace === null)) return null;
  const within = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${place.root}${within}/${place.plural}/${encodeURIComponent(name)}`;
}
