import type { Labels } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { isSecretName, MASK, maskText } from '../../model/secrets.ts';
import { EngineError } from './engine-error.ts';

const NONE: Labels = Object.freeze({});
/** Ids as the engine makes them. */
const ID = /^[\w.:-]+$/;

/** Milliseconds since 1970; null for nothing, garbage, and Go's zero time. */
export function time(text: unknown): number | null {
  const at = typeof text === 'string' ? Date.parse(text) : 0;
  return at > 0 ? at : null;
}

/** Printable; null for nothing and for an empty text. */
export function words(text: unknown): string | null {
  return typeof text === 'string' && text.trim() !== '' ? printable(text.trim()) : null;
}

/** A sentence from outside: masked too, since programs print their connection strings when they fail. */
export function told(text: unknown): string | null {
  return typeof text === 'string' && text.trim() !== '' ? printable(maskText(text.trim())) : null;
}

export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function labels(of: unknown): Labels {
  const given = typeof of === 'object' && of !== null && !Array.isArray(of) ? Object.entries(of) : [];
  const entries = given.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (entries.length === 0) return NONE;
  return Object.fromEntries(
    entries.map(([name, value]) => [printable(name), isSecretName(name) ? MASK : printable(value)]),
  );
}

export function version(index: unknown): string | null {
  return count(index) === null ? null : String(index);
}

/** Docker counts a CPU as 10⁹. */
export function millicores(nanoCpus: unknown): number | null {
  const nano = count(nanoCpus);
  return nano ? Math.round(nano / 1_000_000) : null;
}

/** 0 is how the engine says that there is no limit. */
export function bytes(value: unknown): number | null {
  return count(value) || null;
}

/** `name:tag` of an image that is pinned as `name:tag@sha256:…`, as the docker command shows it. */
export function imageName(image: unknown): string | null {
  return words(typeof image === 'string' && image.replace(/(?<=.:[\w.-]+)@sha256:[0-9a-f]+$/, ''));
}

/**
 * A list as the API has it: an array of objects that name themselves. Anything else came from something that is no
 * engine, and is an error: it must never look like an empty list.
 */
export function listed<T extends object>(answer: unknown, identity: keyof T & string): T[] {
  if (!Array.isArray(answer))
    throw new EngineError(200, `it answered with ${answer === null ? 'null' : typeof answer}, not a list`);
  for (const item of answer) {
    if (typeof item !== 'object' || item === null || typeof item[identity] !== 'string' || !ID.test(item[identity]))
      throw new EngineError(200, `it answered with a list of something that has no ${identity}`);
  }
  return answer;
}
