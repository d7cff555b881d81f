import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';

/**
 * Kubernetes objects as they come over the wire: everything can be missing, and a leaf is `unknown` until one of the
 * readers below has looked at it. Only what is read is named here.
 */
export interface Wire<Spec = unknown, Status = unknown> {
  metadata?: Meta;
  spec?: Spec;
  status?: Status;
}

export interface Meta {
  name?: unknown;
  namespace?: unknown;
  uid?: unknown;
  resourceVersion?: unknown;
  generation?: unknown;
  creationTimestamp?: unknown;
  deletionTimestamp?: unknown;
  labels?: Record<string, unknown>;
  annotations?: Record<string, unknown>;
  ownerReferences?: { kind?: unknown; name?: unknown; controller?: unknown }[];
}

export interface Condition {
  type?: unknown;
  status?: unknown;
  reason?: unknown;
  message?: unknown;
  lastTransitionTime?: unknown;
  lastUpdateTime?: unknown;
}

/** A text from outside, printable; null when there is none. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? printable(value) : null;
}

/** A sentence from outside: masked too, since programs print their connection strings when they fail. */
export function words(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? printable(maskText(value.trim())) : null;
}

export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** RFC 3339, or what protobuf.ts has made of a time, as milliseconds since 1970. */
export function time(value: unknown): number | null {
  if (typeof value === 'number') return count(value);
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** The elements of a list that may be missing, without what is no object. */
export function items<T>(value: T[] | undefined): readonly T[] {
  if (!Array.isArray(value)) return NOTHING;
  return value.every(isThing) ? value : value.filter(isThing);
}

const NOTHING: readonly never[] = [];
const isThing = (item: unknown) => typeof item === 'object' && item !== null;

export function conditionOf(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return items(conditions).find(condition => condition.type === type);
}

/** "Reason: message", or the one of them that is there. */
export function reasonOf(condition: Condition | undefined): string | null {
  const parts = [text(condition?.reason), words(condition?.message)].filter(part => part !== null);
  return parts.length > 0 ? parts.join(': ') : null;
}

/** The owner that controls the object, or else the first one. */
export function ownerOf(meta: Meta | undefined): { kind: string; name: string } | null {
  const owners = items(meta?.ownerReferences);
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
  const [kind, name] = [text(owner?.kind), text(owner?.name)];
  return kind && name ? { kind, name } : null;
}
