import type { PodTemplate } from './objects.ts';

const known = new WeakMap<PodTemplate, string>();

/** A short name for a template's content, in the alphabet of the real `pod-template-hash`. */
export function templateHash(template: PodTemplate): string {
  let hash = known.get(template);
  if (hash === undefined) {
    hash = shortHash(JSON.stringify(template));
    known.set(template, hash);
  }
  return hash;
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
