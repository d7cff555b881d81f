import { isDeepStrictEqual } from 'node:util';
import type { Proof } from '../model/deed.ts';
import { maskSecrets } from '../model/secrets.ts';
import { type Client, Refusal } from '../sources/client.ts';

/** How many proofs hold, do not hold, and cannot be asked. */
export interface Weight {
  held: number;
  missing: number;
  unasked: number;
}

/** Asks the system for each proof. */
export async function weigh(proofs: readonly Proof[], client: Client, signal: AbortSignal): Promise<Weight> {
  const weight: Weight = { held: 0, missing: 0, unasked: 0 };
  for (const proof of proofs) {
    const holds = await proven(proof, client, signal);
    weight[holds === null ? 'unasked' : holds ? 'held' : 'missing']++;
  }
  return weight;
}

/** Whether the system holds what a write was to bring about; null when that cannot be asked, or nothing tells. */
export async function prove(proofs: readonly Proof[], client: Client, signal: AbortSignal): Promise<boolean | null> {
  const { held, missing, unasked } = await weigh(proofs, client, signal);
  if (missing > 0) return false;
  return unasked > 0 || held === 0 ? null : true;
}

async function proven(proof: Proof, client: Client, signal: AbortSignal): Promise<boolean | null> {
  try {
    const object = await client.get(proof.path, signal);
    if ('gone' in proof) return uidOf(object) !== proof.gone || isLeaving(object);
    if ('past' in proof) return at(object, ['Version', 'Index']) !== proof.past;
    return isDeepStrictEqual(at(object, proof.at), proof.is);
  } catch (error) {
    if (!(error instanceof Refusal) || error.answer !== 'no') return null;
    // An engine that does not know the way there says 404 as well.
    return error.status === 404 && !/page not found/.test(error.trouble.why) ? 'gone' in proof : null;
  }
}

const MOST = 20;
/** What the server itself writes at each change, and what is only seen. */
const OWN = ['metadata.resourceVersion', 'metadata.generation', 'metadata.managedFields', 'status'];

/** What of an object tells that it became the one out of the other: its single values, without secrets. */
export function proofsBetween(path: string, before: unknown, after: unknown): Proof[] {
  const was = new Map(leaves(before, []));
  const is = new Map(leaves(after, []));
  const told = maskSecrets(after);
  const keys = [...new Set([...is.keys(), ...was.keys()])].filter(
    key => !OWN.some(own => key === own || key.startsWith(`${own}.`)),
  );
  return keys
    .map(key => ({ at: (is.get(key) ?? was.get(key))?.at ?? [], from: was.get(key)?.value, to: is.get(key)?.value }))
    .filter(({ at: keys, from, to }) => from !== to && isDeepStrictEqual(at(told, keys), to ?? null))
    .slice(0, MOST)
    .map(({ at: keys, to }) => ({ path, at: keys, is: to ?? null }));
}

function leaves(value: unknown, at: string[]): [string, { at: string[]; value: unknown }][] {
  if (typeof value !== 'object' || value === null) return [[at.join('.'), { at, value }]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...at, key]));
}

/** The value at a path of keys; null for what is not there. */
export function at(object: unknown, keys: readonly string[]): unknown {
  let value = object;
  for (const key of keys) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value ?? null;
}

/** The identity that Kubernetes or the engine gave it; a volume has but its name. */
export function uidOf(object: unknown): string | null {
  const uid = [['metadata', 'uid'], ['ID'], ['Id'], ['Name']].map(keys => at(object, keys)).find(each => each !== null);
  return typeof uid === 'string' ? uid : null;
}

/** Told to go; it ends when it has cleaned up after itself. */
function isLeaving(object: unknown): boolean {
  return at(object, ['metadata', 'deletionTimestamp']) !== null;
}
