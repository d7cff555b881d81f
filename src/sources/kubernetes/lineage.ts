import type { Api } from './api.ts';
import { items, text, type Wire } from './wire.ts';

interface Namespaces {
  metadata?: { resourceVersion?: unknown };
  items?: Wire[];
}

/**
 * Tells after an outage whether the server still is the one that was watched. One that was made anew, or set back to a
 * backup, does not refuse a watch from a version that it has never reached: it is silent until it gets there, and old
 * objects would stay on the screen as live.
 */
export class Lineage {
  readonly #api: Api;
  #first: { name: string; uid: string } | null = null;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Whether the server has lost what it said before: `newest` is the highest version that it ever told. Costs one small
   * question; who may not list namespaces never learns it.
   */
  async isBroken(newest: bigint | null, signal: AbortSignal): Promise<boolean> {
    const list = await this.#api.json('/api/v1/namespaces?limit=1', signal).catch(() => null);
    const { metadata, items: namespaces } = (list ?? {}) as Namespaces;
    const before = this.#first;
    const [first] = items(namespaces);
    const [name, uid] = [text(first?.metadata?.name), text(first?.metadata?.uid)];
    this.#first = name && uid ? { name, uid } : before;
    const version = versionOf(metadata?.resourceVersion);
    const setBack = version !== null && newest !== null && version < newest;
    return setBack || (before !== null && before.name === name && before.uid !== uid);
  }
}

/** Versions are numbers that grow with every change of any object; null for what is none. */
export function versionOf(value: unknown): bigint | null {
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : null;
}
