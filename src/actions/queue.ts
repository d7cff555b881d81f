import { randomUUID } from 'node:crypto';
import type { Input } from '../model/deed.ts';
import type { Noun } from '../model/entity.ts';
import type { Verb } from './verb.ts';

/** Several targets that wait for one another; the gateway keeps its plan in the journal before the first is begun. */
export class Queue {
  readonly id = randomUUID();
  readonly verb: Verb;
  readonly input: Input;
  readonly nouns: readonly Noun[];
  /** The batch whose rest this is. */
  readonly resumes: string | null;
  readonly #begun = new Set<string>();
  readonly #off = new AbortController();

  constructor(verb: Verb, input: Input, nouns: readonly Noun[], resumes: string | null = null) {
    this.verb = verb;
    this.input = input;
    this.nouns = nouns;
    this.resumes = resumes;
  }

  /** Those that are not begun yet. */
  get waiting(): Noun[] {
    return this.nouns.filter(({ id }) => !this.#begun.has(id));
  }

  get isBegun(): boolean {
    return this.#begun.size > 0;
  }

  begin({ id }: Noun): void {
    this.#begun.add(id);
  }

  /** None that waits is begun any more; what runs goes on. */
  callOff(): void {
    this.#off.abort();
  }

  get calledOff(): boolean {
    return this.#off.signal.aborted;
  }
}
