import type { Fleet } from '../fleet/fleet.ts';
import type { Kind, Noun } from '../model/entity.ts';
import { didYouMean } from '../text/nearest.ts';
import { listingOf } from './kinds.ts';

/** A word that names no target, or more than one. */
export class NoTarget extends Error {
  override name = 'NoTarget';
}

/**
 * What a word of the command line names among these kinds: an id, a name, or a name behind its kind as kubectl has it
 * (`deployment/web`, `node/w1`). Of several that are called so the only one that is fit is meant. Throws a NoTarget.
 */
export function targetOf(
  word: string,
  kinds: readonly Kind[],
  fleet: Fleet,
  namespace: string | null,
  isFit: (noun: Noun) => boolean = () => true,
): Noun {
  const all = kinds.flatMap((kind): Noun[] => [...fleet.all(kind).values()]);
  const byId = all.find(({ id }) => id === word);
  if (byId) return byId;
  // A name may hold what else stands behind a kind: `postgres_pools/pool-1`.
  const whole = all.filter(noun => word.includes('/') && noun.name === word && isIn(noun, namespace));
  if (whole[0] && whole.length === 1) return whole[0];
  const [type, name] = word.includes('/') ? word.split(/\/(.*)/s) : [null, word];
  const named = all.filter(noun => noun.name === name && isOfType(noun, type) && isIn(noun, namespace));
  const [only, second] = named.length > 1 ? named.filter(isFit) : named;
  if (only && !second) return only;
  if (named.length > 1) {
    throw new NoTarget(`"${word}" names ${named.length}: ${named.map(({ id }) => id).join(', ')}; say which by its id`);
  }
  const names = all.filter(noun => isIn(noun, namespace)).map(noun => noun.name);
  throw new NoTarget(`there is no ${kinds.join(' or ')} "${word}"${didYouMean(word, names)}`);
}

function isOfType(noun: Noun, type: string | null | undefined): boolean {
  if (!type) return true;
  const { kinds, where } = listingOf(type);
  return kinds.includes(noun.kind) && (where?.(noun) ?? true);
}

function isIn(noun: Noun, namespace: string | null): boolean {
  return namespace === null || !('namespace' in noun) || noun.namespace === namespace;
}
