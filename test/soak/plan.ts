import { Random } from '../../src/demo/random.ts';

/** A thing that can go wrong. */
export interface Row {
  /** What breaks; there is one fault of it at a time. */
  part: string;
  /** In an operator's words: "the API server is frozen". */
  what: string;
  /** Told to the part's hand, and the way back; empty: it comes back by itself. */
  does: string;
  back: string;
  /** How long it stays: least and most seconds. */
  seconds: readonly [number, number];
  /** The sources that may notice. */
  sources: readonly string[];
}

export interface Step extends Omit<Row, 'seconds'> {
  /** Seconds after the start. */
  at: number;
  /** How long it stays. */
  seconds: number;
}

const EVERY_SECONDS = 20;
/** From the way back to the next fault of the same part. */
const REST_SECONDS = 10;

/**
 * What will happen in so many minutes: a fault every 20 seconds, of a part that is whole at that time. The same seed and
 * the same rows give the same plan; each part goes through all its faults before it repeats one.
 */
export function planOf(seed: number, minutes: number, rows: readonly Row[]): Step[] {
  const random = new Random(seed);
  const parts = [...new Set(rows.map(({ part }) => part))];
  const decks = new Map<string, Row[]>(parts.map(part => [part, []]));
  const busyUntil = new Map<string, number>();
  const end = minutes * 60;
  const steps: Step[] = [];
  for (let at = EVERY_SECONDS; at + REST_SECONDS < end; at += EVERY_SECONDS) {
    const free = parts.filter(part => (busyUntil.get(part) ?? 0) <= at);
    if (free.length === 0) continue;
    const part = random.pick(free);
    const deck = decks.get(part) ?? [];
    if (deck.length === 0)
      deck.push(
        ...shuffled(
          rows.filter(row => row.part === part),
          random,
        ),
      );
    const row = deck.pop() as Row;
    const seconds = Math.min(random.integer(...(row.seconds as [number, number])), end - at);
    busyUntil.set(part, at + seconds + REST_SECONDS);
    steps.push({ ...row, at, seconds });
  }
  return steps;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map(item => ({ item, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
