import type { Client, Right } from '../sources/client.ts';

/** Allowed or not is asked again after this. */
const KEPT_MS = 30_000;

/** What the systems let us do, asked once for many actions. */
export class Rights {
  readonly #now: () => number;
  readonly #known = new Map<string, { at: number; answer: Promise<string | null> }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The system's reason against one of these; null: all are given, or the system knows no rights. Rejects with a Refusal. */
  async forbidden(client: Client, rights: readonly Right[], signal: AbortSignal): Promise<string | null> {
    if (!client.forbids) return null;
    for (const right of rights) {
      const key = `${client.target} ${JSON.stringify(right)}`;
      const known = this.#known.get(key);
      const answer = known && this.#now() - known.at < KEPT_MS ? known.answer : client.forbids(right, signal);
      if (answer !== known?.answer) this.#known.set(key, { at: this.#now(), answer });
      const reason = await answer.catch((error: unknown) => {
        this.#known.delete(key);
        throw error;
      });
      if (reason !== null) return `not allowed: ${reason}`;
    }
    return null;
  }
}
