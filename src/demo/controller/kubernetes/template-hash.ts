import type { PodTemplate } from './objects.ts';

const known = new WeakMap<PodTemplate, string>();

/** A short name for a template's content, in the alphabet of the real `pod-template-hash`. */
export function templateHash(template: PodTemplate): string {
  let hash = known.get(template);
  if (hash === undefined) {
    hash = shortHash(canonical(template));
    known.set(template, hash);
  }
  return hash;
}

/** Its JSON with sorted keys: clients write the same template in an order of their own. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = value as Record<string, unknown>;
  const keys = Object.keys(fields).sort();
  return `{${keys.map(key => `${key}:${canonical(fields[key])}`).join(',')}}`;
}

/** Ten characters of the alphabet of generated names; not for secrets. */
function shortHash(text: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  let name = '';
  for (let mixed = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0); name.length < 10; mixed /= 27n) {
    name += alphabet[Number(mixed % 27n)];
  }
  return name;
}
