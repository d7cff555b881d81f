import type { Change } from '../model/deed.ts';
import { printable } from '../model/printable.ts';
import { MASK, maskSecrets } from '../model/secrets.ts';

const MOST = 200;

/**
 * All that differs between two JSON values, without secrets: `containers.web.image` from one to the other. Lists of
 * things with names are compared by them. What goes beyond two hundred is only counted.
 */
export function changesBetween(before: unknown, after: unknown): Change[] {
  const found = [...walk({ raw: before, told: maskSecrets(before) }, { raw: after, told: maskSecrets(after) }, '')];
  if (found.length <= MOST) return found;
  return [...found.slice(0, MOST), { what: 'and more', from: '', to: `${found.length - MOST} others` }];
}

/** A value as it is, and as it may be shown. */
interface Side {
  raw: unknown;
  told: unknown;
}

function* walk(before: Side, after: Side, what: string): Generator<Change> {
  if (JSON.stringify(before.raw) === JSON.stringify(after.raw)) return;
  const [a, b] = [partsOf(before), partsOf(after)];
  if (a === null || b === null) {
    const [from, to] = [shown(before), shown(after)];
    // A secret that changed shows as nothing but that.
    yield { what, from, to: from === to && from.includes(MASK) ? `${to} (another)` : to };
    return;
  }
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    yield* walk(a.get(key) ?? NOTHING, b.get(key) ?? NOTHING, what === '' ? key : `${what}.${key}`);
  }
}

const NOTHING: Side = { raw: undefined, told: undefined };

/** What a value consists of, by name; null for a single value. What is not there has no parts. */
function partsOf({ raw, told }: Side): Map<string, Side> | null {
  if (raw === undefined) return null;
  if (Array.isArray(raw)) {
    const shownAs = told as unknown[];
    return new Map(raw.map((each, index) => [nameOf(each) ?? String(index), { raw: each, told: shownAs[index] }]));
  }
  if (typeof raw !== 'object' || raw === null || typeof told !== 'object' || told === null) return null;
  const shownAs = told as Record<string, unknown>;
  return new Map(Object.entries(raw).map(([key, value]) => [key, { raw: value, told: shownAs[key] }]));
}

function nameOf(value: unknown): string | null {
  const { name, Name } = (value ?? {}) as { name?: unknown; Name?: unknown };
  const found = name ?? Name;
  if (typeof found === 'string') return found;
  // A variable of a container, as Swarm writes it.
  return typeof value === 'string' ? (/^([A-Za-z_]\w*)=/.exec(value)?.[1] ?? null) : null;
}

function shown({ raw, told }: Side): string {
  if (raw === undefined) return 'nothing';
  return printable(typeof told === 'string' ? told : JSON.stringify(told), 100);
}
