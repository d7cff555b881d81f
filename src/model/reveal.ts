import { MASK, maskSecrets } from './secrets.ts';

/** Where a value stands in a JSON document: keys and indexes from its root. */
export type Path = readonly (string | number)[];

/** A value that is masked: where it stands, and by what one knows that it is still the same one. */
export interface Masked {
  path: Path;
  landmarks: string;
}

/** A value as it is. For the eyes only: it is never kept, logged or journaled. */
export interface Revealed {
  text: string;
  /** What was done to read it, or why it is no text; null when it stands so in the object. */
  note: string | null;
}

/**
 * The value of what `masked` names, from the object as it is now. Throws when it is not there any more, or another one
 * stands in its place: then the object has to be read again.
 */
export function reveal(object: unknown, masked: Masked): Revealed {
  if (landmarksOf(maskSecrets(object), masked.path) !== masked.landmarks)
    throw new Error('it has changed since it was read: read it again');
  const value = String(masked.path.reduce(at, object));
  return isEncoded(object, masked.path) ? decoded(value) : { text: value, note: null };
}

/**
 * What stands around a value on the way to it, as far as it says whose value it is: the object's identity, names, all
 * of a list of plain values, and the value itself, masked.
 */
export function landmarksOf(masked: unknown, path: Path): string {
  const found: unknown[] = [nameOf(at(masked, 'metadata'))];
  let here = masked;
  path.forEach((step, index) => {
    found.push(Array.isArray(here) && index === path.length - 1 ? here : nameOf(here));
    here = at(here, step);
  });
  return JSON.stringify([...found, here]);
}

/** Whether a text holds masked values that cannot be shown one at a time, such as the last applied configuration. */
export function holdsSeveral(text: string): boolean {
  return /^\s*[[{]/.test(text) && text.split(MASK).length > 2;
}

function at(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string | number, unknown>)[step]
    : undefined;
}

function nameOf(value: unknown): unknown[] {
  return ['uid', 'ID', 'id', 'name', 'Name', 'key'].map(key => at(value, key) ?? null);
}

/** In a Kubernetes Secret everything under `data` is base64. */
function isEncoded(object: unknown, [first]: Path): boolean {
  return at(object, 'kind') === 'Secret' && first === 'data';
}

function decoded(base64: string): Revealed {
  const bytes = Buffer.from(base64, 'base64');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), note: 'decoded from base64' };
  } catch {
    return { text: base64, note: `base64 of ${bytes.length} bytes that are no text` };
  }
}
