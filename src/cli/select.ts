import { FIELD_NAMES, type Field, type FieldContext, fieldOf, type Subject } from '../filter/fields.ts';
import { parseFilter } from '../filter/filter.ts';
import { orderBy } from '../filter/sort.ts';
import { fieldContext } from '../fleet/field-context.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Kind, Noun } from '../model/entity.ts';
import { byHealth } from '../model/health/verdict.ts';
import { compareWords } from '../text/compare-words.ts';
import { didYouMean } from '../text/nearest.ts';
import { UsageError } from './arguments.ts';
import type { Listing } from './kinds.ts';

export interface Selection {
  filter: string;
  /** A field, with `-` in front for the other way round; null: what is not well first, then by name. */
  sort: string | null;
  /** Of Kubernetes, and a stack of Swarm; null for all. */
  namespace: string | null;
  /** Everything of Swarm too, whatever its stack: a namespace that the profile names is none of Swarm. */
  withSwarm: boolean;
}

export type Order = (a: Subject, b: Subject) => number;

/** Checked before anything is asked: a filter or field that is wrong. Throws a UsageError. */
export function checkSelection({ filter, sort }: Pick<Selection, 'filter' | 'sort'>): void {
  const { error } = parseFilter(filter);
  if (error) throw new UsageError(`--filter: ${error}`);
  if (sort !== null) sortField(sort);
}

/** The nouns that a listing and a selection name, in order; and how many there are without the selection. */
export function select(fleet: Fleet, listing: Listing, selection: Selection): { nouns: Noun[]; all: number } {
  const context = fieldContext(fleet);
  const filter = parseFilter(selection.filter, context);
  const all = listing.kinds
    .flatMap(kind => (kind === 'event' ? [] : current(fleet, kind)))
    .filter(listing.where ?? (() => true));
  const nouns = all.filter(noun => isIn(noun, selection) && filter.test(noun));
  return { nouns: nouns.sort(orderOf(selection.sort, context)), all: all.length };
}

export function orderOf(sort: string | null, context: FieldContext): Order {
  if (sort === null) return byHealthThenName;
  return orderBy(sortField(sort), context, sort.startsWith('-'));
}

function sortField(sort: string): Field {
  const name = sort.replace(/^[-+]/, '');
  // What JSON calls usedBytes is `used` here.
  const found = fieldOf(name) ?? fieldOf(JSON_NAMES[name] ?? '');
  if (found) return found;
  throw new UsageError(
    `--sort: no field "${name}"${didYouMean(name, FIELD_NAMES) || `; known: ${FIELD_NAMES.join(', ')}`}`,
  );
}

const JSON_NAMES: Readonly<Record<string, string>> = {
  namespace: 'ns',
  ageSeconds: 'age',
  createdAt: 'age',
  cpuUsedMillicores: 'cpu',
  memoryUsedBytes: 'mem',
  diskUsedBytes: 'disk',
  usedBytes: 'used',
  quotaBytes: 'quota',
  sizeBytes: 'size',
  latencyMs: 'latency',
};

/** What there is of a kind now. Ended tasks are history: `docker service ps` tells them. */
export function current(fleet: Fleet, kind: Kind): Noun[] {
  const all: Noun[] = [...fleet.all(kind).values()];
  return all.filter(noun => noun.kind !== 'replica' || noun.wanted !== 'gone' || noun.system === 'kubernetes');
}

function isIn(noun: Noun, { namespace, withSwarm }: Selection): boolean {
  if (namespace === null || !('namespace' in noun)) return true;
  return noun.namespace === namespace || (withSwarm && 'system' in noun && noun.system === 'swarm');
}

function byHealthThenName(a: Subject, b: Subject): number {
  if (!('kind' in a) || !('kind' in b)) return 0;
  const unwell = (noun: Noun) => (noun.health === 'bad' || noun.health === 'warn' ? noun.health : 'ok');
  return byHealth(unwell(a), unwell(b)) || compareWords(a.name, b.name);
}
