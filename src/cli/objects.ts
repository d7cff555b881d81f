import type { Fleet } from '../fleet/fleet.ts';
import type { KubeObject } from '../model/entity.ts';
import { LISTINGS } from './kinds.ts';
import { NoTarget } from './targets.ts';

const DEADLINE_MS = 10_000;

/**
 * The object that `configmaps/web` names, of a kind that is not watched, as the systems have it now; null when the word
 * names none of those. Throws a NoTarget when there is none of that name, or more than one, and a TroubleError.
 */
export async function objectNamed(word: string, fleet: Fleet, namespace: string | null): Promise<KubeObject | null> {
  const [, type = '', name = ''] = /^([^/]+)\/([^/]+)$/.exec(word) ?? [];
  if (type === '' || LISTINGS.some(listing => listing.name === type || listing.aliases.includes(type))) return null;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const found: KubeObject[] = [];
  let isKind = false;
  for (const { name: source } of fleet.sources()) {
    const catalogue = fleet.source(source)?.catalogue?.();
    if (!catalogue) continue;
    const kinds = await catalogue.kinds(signal);
    const kind = kinds.find(({ resource, group, aliases }) =>
      [resource, `${resource}.${group}`, ...aliases].includes(type.toLowerCase()),
    );
    if (!kind) continue;
    isKind = true;
    const { rows } = await catalogue.list(kind, kind.namespaced ? namespace : null, signal, name);
    found.push(...rows.map(({ object }) => object).filter(object => object.name === name));
  }
  const [only, ...others] = found;
  if (!isKind) return null;
  if (!only) throw new NoTarget(`there is no ${word}${namespace === null ? '' : ` in ${namespace}`}`);
  if (others.length === 0) return only;
  throw new NoTarget(`"${word}" names ${found.length}: ${found.map(({ id }) => id).join(', ')}; say which namespace`);
}
