import type { Fleet } from '../fleet/fleet.ts';
import type { Catalogue, ObjectKind } from '../sources/catalogue.ts';
import type { Command } from './palette.ts';

/** Kinds come and go with definitions of their own: they are asked for again when the palette opens after so long. */
const KEPT_MS = 60_000;
const DEADLINE_MS = 8_000;

/** Kinds that a source has, and that it was asked for. */
export interface ObjectsOf {
  source: string;
  kind: ObjectKind;
}

/** The kinds of objects that the sources have beside what is watched: for the palette. */
export class ObjectKinds {
  readonly #fleet: Fleet;
  readonly #changed: () => void;
  readonly #known = new Map<string, { askedAt: number; commands: Command[] }>();

  constructor(fleet: Fleet, changed: () => void) {
    this.#fleet = fleet;
    this.#changed = changed;
  }

  /** Those that are known by now, without the names that mean something else already. */
  commands(taken: ReadonlySet<string>): Command[] {
    return [...this.#known.values()].flatMap(({ commands }) => commands).filter(({ name }) => !taken.has(name));
  }

  /** Asks the sources again where that is long ago; what they say is there at a later drawing. */
  look(): void {
    for (const { name } of this.#fleet.sources()) {
      const catalogue = this.#fleet.source(name)?.catalogue?.() ?? null;
      const known = this.#known.get(name);
      const now = performance.now();
      if (!catalogue || (known && now - known.askedAt < KEPT_MS)) continue;
      this.#known.set(name, { askedAt: now, commands: known?.commands ?? [] });
      void this.#ask(name, catalogue);
    }
  }

  async #ask(source: string, catalogue: Catalogue): Promise<void> {
    try {
      const kinds = await catalogue.kinds(AbortSignal.timeout(DEADLINE_MS));
      this.#known.set(source, { askedAt: performance.now(), commands: commandsFor(source, kinds) });
    } catch {
      // Listing one of them says why; without an answer there is none to list.
      this.#known.delete(source);
    }
    this.#changed();
  }
}

/** Of two groups that have a kind of one name, the one that is named first has it alone, as with kubectl. */
function commandsFor(source: string, kinds: readonly ObjectKind[]): Command[] {
  const taken = new Set<string>();
  return kinds.flatMap(kind => {
    const qualified = `${kind.resource}${kind.group === '' ? '' : `.${kind.group}`}`;
    const name = taken.has(kind.resource) ? qualified : kind.resource;
    const names = [name, ...kind.aliases].filter(each => !taken.has(each));
    for (const each of names) taken.add(each);
    const help = `list ${kind.type} of ${source}${kind.group === '' ? '' : ` (${kind.group})`}`;
    return names.map((each): Command => ({ name: each, help, run: { objects: { source, kind } } }));
  });
}
