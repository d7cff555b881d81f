import type { Labels } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { isSecretName, MASK } from '../../model/secrets.ts';

/** More different texts than this are not worth being kept: they would not come again. */
const LIMIT = 20_000;
/** Different for every pod, so that nothing could be shared, and nothing that an operator filters by. */
const ITS_OWN = new Set([
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'pod-template-generation',
]);
const NONE: Labels = Object.freeze({});

/**
 * One copy of each text and each set of labels, for thousands of objects that say the same: images, namespaces, ids of
 * nodes and workloads.
 */
export class Shared {
  readonly #texts = new Map<string, string>();
  readonly #labels = new Map<string, Labels>();

  text<T extends string | null>(text: T): T {
    if (text === null) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    if (this.#texts.size >= LIMIT) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }

  labels(labels: Record<string, unknown> | undefined): Labels {
    // Told apart as they come: what is known needs not be made printable again.
    let key = '';
    for (const name in labels) if (isKept(name, labels[name])) key += `${name}\0${labels[name]}\0`;
    if (key === '') return NONE;
    const known = this.#labels.get(key);
    if (known) return known;
    if (this.#labels.size >= LIMIT) this.#labels.clear();
    const shown = Object.entries(labels ?? NONE)
      .filter((entry): entry is [string, string] => isKept(...entry))
      .map(([name, value]) => [printable(name), isSecretName(name) ? MASK : printable(value)]);
    const set: Labels = Object.freeze(Object.fromEntries(shown));
    this.#labels.set(key, set);
    return set;
  }
}

function isKept(name: string, value: unknown): boolean {
  return typeof value === 'string' && !ITS_OWN.has(name);
}
