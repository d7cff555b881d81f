import { isDeepStrictEqual } from 'node:util';
import type { Proof } from '../model/deed.ts';
import { type Client, Refusal } from '../sources/client.ts';

/** Whether the system holds what a write was to bring about; null when that cannot be asked, or nothing tells. */
export async function prove(proofs: readonly Proof[], client: Client, signal: AbortSignal): Promise<boolean | null> {
  if (proofs.length === 0) return null;
  for (const proof of proofs) {
    const holds = await proven(proof, client, signal);
    if (holds !== true) return holds;
  }
  return true;
}

async function proven(proof: Proof, client: Client, signal: AbortSignal): Promise<boolean | null> {
  try {
    const object = await client.get(proof.path, signal);
    if ('gone' in proof) return uidOf(object) !== proof.gone || isLeaving(object);
    return isDeepStrictEqual(at(object, proof.at), proof.is);
  } catch (error) {
    if (!(error instanceof Refusal) || error.answer !== 'no') return null;
    return error.status === 404 ? 'gone' in proof : null;
  }
}

/** The value at a path of keys; null for what is not there. */
export function at(object: unknown, keys: readonly string[]): unknown {
  let value = object;
  for (const key of keys) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value ?? null;
}

/** The identity that Kubernetes or the engine gave it. */
export function uidOf(object: unknown): string | null {
  const uid = at(object, ['metadata', 'uid']) ?? at(object, ['ID']) ?? at(object, ['Id']);
  return typeof uid === 'string' ? uid : null;
}

/** Told to go; it ends when it has cleaned up after itself. */
function isLeaving(object: unknown): boolean {
  return at(object, ['metadata', 'deletionTimestamp']) !== null;
}
