import type { Happening, Severity } from '../../model/event.ts';
import { idByKind, idOf } from './ids.ts';
import { count, text, time, type Wire, words } from './wire.ts';

export interface EventObject extends Wire {
  type?: unknown;
  reason?: unknown;
  message?: unknown;
  note?: unknown;
  count?: unknown;
  firstTimestamp?: unknown;
  lastTimestamp?: unknown;
  eventTime?: unknown;
  series?: { count?: unknown; lastObservedTime?: unknown };
  involvedObject?: { kind?: unknown; name?: unknown; namespace?: unknown; uid?: unknown };
}

/** Worse than their type says: what it is about does not run, or a node is gone (which comes as "Normal"). */
const BAD = new Set(
  'BackOff Failed FailedMount FailedAttachVolume FailedCreatePodSandBox OOMKilling SystemOOM Evicted NodeNotReady BackoffLimitExceeded DeadlineExceeded ProgressDeadlineExceeded'.split(
    ' ',
  ),
);
/** How the generated part of a ReplicaSet's name looks (k8s.io/apimachinery/pkg/util/rand). */
const TEMPLATE_HASH = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;

/**
 * Turns Kubernetes' Event objects into happenings. Several objects can tell of one happening (other words, another
 * reporter): they share a key, and their counts are added up.
 */
export class Happenings {
  readonly #source: string;
  readonly #counts = new Map<string, { key: string; count: number }>();
  readonly #totals = new Map<string, { count: number; objects: number }>();

  constructor(source: string) {
    this.#source = source;
  }

  /** What the object tells; null when it has told that before. */
  read(event: EventObject): Happening | null {
    const { subject, about, uid } = this.#about(event);
    const reason = text(event.reason) ?? 'Event';
    const key = `${this.#source}/${uid ?? subject}/${reason}`;
    const times = Math.max(count(event.series?.count) ?? 0, count(event.count) ?? 0, 1);
    const id = identityOf(event);
    const before = this.#counts.get(id);
    if (before && before.count >= times) return null;
    const total = this.#totals.get(key) ?? { count: 0, objects: 0 };
    total.count += times - (before?.count ?? 0);
    if (!before) total.objects++;
    this.#totals.set(key, total);
    this.#counts.set(id, { key, count: times });
    return {
      key,
      at: lastOf(event),
      severity: severityOf(event, reason),
      source: this.#source,
      about,
      subject,
      reason,
      message: words(event.message) ?? words(event.note) ?? '',
      count: total.count,
    };
  }

  /** How often it happened by now. */
  countOf(key: string): number {
    return this.#totals.get(key)?.count ?? 1;
  }

  /** The object is gone: Kubernetes keeps events for an hour. */
  forget(event: EventObject): void {
    const id = identityOf(event);
    const known = this.#counts.get(id);
    if (!known) return;
    this.#counts.delete(id);
    const total = this.#totals.get(known.key);
    if (total && --total.objects === 0) this.#totals.delete(known.key);
  }

  /** Forgets all objects but those whose list has just been read. */
  keep(listed: Set<string>): void {
    for (const id of this.#counts.keys()) if (!listed.has(id)) this.forget({ metadata: { uid: id } });
  }

  #about({ involvedObject }: EventObject) {
    const kind = text(involvedObject?.kind) ?? '?';
    const name = text(involvedObject?.name) ?? '?';
    const namespace = text(involvedObject?.namespace);
    const deployment = kind === 'ReplicaSet' && TEMPLATE_HASH.test(name) ? name.replace(TEMPLATE_HASH, '') : null;
    return {
      subject: `${kind.toLowerCase()}/${name}`,
      uid: text(involvedObject?.uid),
      about: deployment
        ? idOf(this.#source, 'deployment', deployment, namespace)
        : idByKind(this.#source, kind, name, namespace),
    };
  }
}

export function identityOf({ metadata }: EventObject): string {
  return text(metadata?.uid) ?? `${text(metadata?.namespace)}/${text(metadata?.name)}`;
}

/** When it happened last, milliseconds since 1970; an object without any time tells of now. */
function lastOf({ series, lastTimestamp, eventTime, firstTimestamp, metadata }: EventObject): number {
  return (
    time(series?.lastObservedTime) ??
    time(lastTimestamp) ??
    time(eventTime) ??
    time(firstTimestamp) ??
    time(metadata?.creationTimestamp) ??
    Date.now()
  );
}

function severityOf({ type }: EventObject, reason: string): Severity {
  if (BAD.has(reason)) return 'bad';
  return type === 'Normal' ? 'info' : 'warn';
}
