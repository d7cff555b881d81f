import type { Kind } from '../../model/entity.ts';
import { idOf, type Word } from './ids.ts';
import type { Shared } from './shared.ts';
import { type Meta, text, time } from './wire.ts';

/** What every projection of an object onto a noun needs beside the object. */
export interface Projecting {
  /** The source's name in the profile. */
  source: string;
  shared: Shared;
  /** Milliseconds since 1970. */
  now(): number;
}

/** What all nouns have in common. A missing name stands as `?`, so that a broken object is seen, not lost. */
export function common<K extends Kind>(
  kind: K,
  word: Word,
  meta: Meta | undefined,
  { source, shared, now }: Projecting,
) {
  const name = text(meta?.name) ?? '?';
  const namespace = word === 'node' ? null : shared.text(text(meta?.namespace) ?? '?');
  return {
    id: idOf(source, word, name, namespace),
    kind,
    name,
    source,
    namespace,
    observedAt: now(),
    uid: text(meta?.uid),
    version: text(meta?.resourceVersion),
    createdAt: time(meta?.creationTimestamp),
    labels: shared.labels(meta?.labels),
  };
}
