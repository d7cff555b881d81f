import { isDeepStrictEqual } from 'node:util';
import { MASK, maskSecrets } from './secrets.ts';

/** A masked value was changed to something that holds a mask still: what it should be cannot be known. */
export class MaskTouched extends Error {
  override name = 'MaskTouched';

  constructor(at: string) {
    super(`${at} is masked: leave it as it is, or put a whole new value in its place`);
  }
}

/**
 * A value that was edited in its masked form, with the secrets of the original where their masks were left alone.
 * Throws a MaskTouched where it is not plain which secret is meant.
 */
export function unmask(edited: unknown, original: unknown): unknown {
  return restored(edited, { raw: original, told: maskSecrets(original) }, '');
}

/** A value as it is, and as it was shown. */
interface Side {
  raw: unknown;
  told: unknown;
}

function restored(edited: unknown, side: Side, at: string): unknown {
  if (!holdsMask(edited)) return edited;
  if (isDeepStrictEqual(edited, side.told)) return side.raw;
  if (Array.isArray(edited)) return edited.map((each, index) => item(each, edited, index, side, `${at}[${index}]`));
  if (!isObject(edited)) throw new MaskTouched(at);
  const [raw, told] = [isObject(side.raw) ? side.raw : {}, isObject(side.told) ? side.told : {}];
  return Object.fromEntries(
    Object.entries(edited).map(([key, value]) => [
      key,
      restored(value, { raw: raw[key], told: told[key] }, at === '' ? key : `${at}.${key}`),
    ]),
  );
}

/** An item of a list belongs to what looked the same, or has its name; its place tells only where all before it stands too. */
function item(each: unknown, edited: unknown[], index: number, { raw, told }: Side, at: string): unknown {
  if (!holdsMask(each)) return each;
  const [raws, tolds] = [Array.isArray(raw) ? raw : [], Array.isArray(told) ? told : []];
  const same = tolds.flatMap((one, place) => (isDeepStrictEqual(one, each) ? [place] : []));
  const [first] = same;
  if (first !== undefined && same.every(place => isDeepStrictEqual(raws[place], raws[first]))) return raws[first];
  const name = nameOf(each);
  if (name !== null) {
    const named = tolds.flatMap((one, place) => (nameOf(one) === name ? [place] : []));
    const [place] = named;
    if (place === undefined || named.length > 1) throw new MaskTouched(at);
    return restored(each, { raw: raws[place], told: tolds[place] }, at);
  }
  const unmoved = edited.length === tolds.length && isDeepStrictEqual(edited.slice(0, index), tolds.slice(0, index));
  if (!unmoved) throw new MaskTouched(at);
  return restored(each, { raw: raws[index], told: tolds[index] }, at);
}

function nameOf(value: unknown): string | null {
  const { name, Name } = isObject(value) ? value : {};
  const found = name ?? Name;
  return typeof found === 'string' ? found : null;
}

function holdsMask(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(MASK);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsMask);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
