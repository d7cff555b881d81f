import { printable } from '../model/printable.ts';
import { at, uidOf } from './prove.ts';
import type { Subject } from './verb.ts';

/** A pod template that a workload had, or has. */
export interface Revision {
  number: number;
  /** Milliseconds since 1970. */
  createdAt: number | null;
  images: string[];
  /** The annotation `kubernetes.io/change-cause`. */
  cause: string | null;
  /** It, exactly: with its secrets. */
  template: object;
}

export const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_HASH = 'pod-template-hash';

/**
 * The revisions of a Deployment, StatefulSet or DaemonSet, newest first, as `kubectl rollout history` finds them: in the
 * ReplicaSets of the one, in the ControllerRevisions of the others. Rejects with a Refusal.
 */
export async function revisionsOf({ path, object, client, signal }: Subject, type: string): Promise<Revision[]> {
  const kept = type === 'Deployment' ? 'replicasets' : 'controllerrevisions';
  const list = await client.get(`${path.replace(/[^/]+\/[^/]+$/, kept)}${selectorOf(object)}`, signal);
  const items = at(list, ['items']);
  return (Array.isArray(items) ? items : [])
    .filter(item => isOwnedBy(item, uidOf(object)))
    .flatMap(item => (type === 'Deployment' ? ofReplicaSet(item) : ofControllerRevision(item)))
    .sort((a, b) => b.number - a.number);
}

/** What the workload's own selector says, as a query. */
export function selectorOf(object: unknown): string {
  const labels = Object.entries((at(object, ['spec', 'selector', 'matchLabels']) ?? {}) as Record<string, string>);
  const expressions = at(object, ['spec', 'selector', 'matchExpressions']);
  const parts = [
    ...labels.map(([key, value]) => `${key}=${value}`),
    ...(Array.isArray(expressions) ? expressions : []).flatMap(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
    }),
  ];
  return `?labelSelector=${encodeURIComponent(parts.join(','))}`;
}

export function isOwnedBy(object: unknown, uid: string | null): boolean {
  const owners = at(object, ['metadata', 'ownerReferences']);
  return uid !== null && Array.isArray(owners) && owners.some(owner => owner?.uid === uid);
}

function ofReplicaSet(set: unknown): Revision[] {
  const number = Number(at(set, ['metadata', 'annotations', REVISION]));
  if (!Number.isInteger(number) || number <= 0) return [];
  const template = structuredClone(at(set, ['spec', 'template'])) as { metadata?: { labels?: Record<string, string> } };
  delete template?.metadata?.labels?.[TEMPLATE_HASH];
  return revision(set, number, template);
}

function ofControllerRevision(object: unknown): Revision[] {
  const number = Number(at(object, ['revision']));
  const { $patch: _, ...template } = (at(object, ['data', 'spec', 'template']) ?? {}) as { $patch?: string };
  return revision(object, number, template);
}

function revision(object: unknown, number: number, template: object | null): Revision[] {
  const containers = at(template, ['spec', 'containers']);
  if (!template || !Array.isArray(containers)) return [];
  const born = Date.parse(String(at(object, ['metadata', 'creationTimestamp'])));
  const cause = at(object, ['metadata', 'annotations', CHANGE_CAUSE]);
  return [
    {
      number,
      createdAt: Number.isNaN(born) ? null : born,
      images: containers.map(container => printable(String(container?.image ?? ''))),
      cause: typeof cause === 'string' ? printable(cause) : null,
      template,
    },
  ];
}
