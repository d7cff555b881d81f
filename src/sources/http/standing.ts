import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { Sink } from '../source.ts';
import type { Answer } from './ask.ts';
import type { HttpCheck } from './options.ts';

/** What the newest answer of each check means for the source as a whole. */
export class Standing {
  readonly #checks: readonly HttpCheck[];
  /** By name. Checks that have not been asked to the end are missing. */
  readonly #newest = new Map<string, Answer>();
  #told: string | null = null;

  constructor(checks: readonly HttpCheck[]) {
    this.#checks = checks;
  }

  /** Takes an answer: one in HTTP proves life; when all have been asked and none gave one, the source is stale. */
  tell({ name }: HttpCheck, answer: Answer, sink: Sink): void {
    this.#newest.set(name, answer);
    if (answer.status !== null) {
      this.#told = null;
      sink.state({ phase: 'live', proof: true, trouble: null });
      return;
    }
    const newest = [...this.#newest.values()];
    if (newest.length < this.#checks.length || newest.some(({ status }) => status !== null)) return;
    const trouble = this.#trouble();
    if (this.#told === trouble.why) return;
    this.#told = trouble.why;
    sink.state({ phase: 'stale', trouble });
  }

  /** Names the first check of the profile; each has its own failure. */
  #trouble(): Trouble {
    const [first] = this.#checks;
    const of = this.#checks.length === 1 ? '' : `, and none of the ${this.#checks.length} endpoints answers`;
    return {
      what: `ask ${printable(first?.name ?? 'an endpoint', 200)}`,
      on: printable(maskText(first?.url ?? ''), 400),
      why: `${this.#newest.get(first?.name ?? '')?.failure ?? 'no answer'}${of}`,
      fix: 'is it up, and can this machine reach it: names, network, proxy?',
    };
  }
}
