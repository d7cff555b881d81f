import { runInNewContext } from 'node:vm';

/** For all that a key asks of a pattern, milliseconds: some expressions would search for hours. */
const BUDGET_MS = 500;

/**
 * What is looked for in lines: a regular expression, letters of both cases alike unless it has a capital; `!` in front
 * inverts it. What is no regular expression (yet), or takes too long, is looked for as it stands.
 */
export class Pattern {
  readonly #wanted: string;
  readonly isInverted: boolean;
  #expression: RegExp;
  /** Why it is taken as it stands; null: it is not. */
  error: string | null = null;

  constructor(input: string) {
    this.isInverted = input.startsWith('!');
    this.#wanted = this.isInverted ? input.slice(1) : input;
    try {
      this.#expression = new RegExp(this.#wanted, this.#flags);
    } catch {
      this.#expression = this.#asItStands('no regular expression');
    }
  }

  /** Whether one of these forms of a line has it; inverted, whether none has. */
  test(...forms: (string | null)[]): boolean {
    return forms.some(form => form !== null && this.#expression.test(form)) !== this.isInverted;
  }

  /** Where it stands in a text first; null: nowhere, or it is what must not be there. */
  find(text: string): { from: number; to: number } | null {
    const found = this.isInverted ? null : this.#expression.exec(text);
    return found && found[0] !== '' ? { from: found.index, to: found.index + found[0].length } : null;
  }

  /**
   * Does what tests texts, in half a second at most: longer, and the expression gives way to its own text, and the work
   * is begun again. So the work must change nothing before it has tested all.
   */
  inTime<T>(work: () => T): T {
    try {
      return runInNewContext('work()', { work }, { timeout: BUDGET_MS }) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      this.#expression = this.#asItStands('the expression takes too long');
      return work();
    }
  }

  get #flags(): string {
    return /\p{Lu}/u.test(this.#wanted) ? 'u' : 'iu';
  }

  #asItStands(why: string): RegExp {
    this.error = `${why}: looked for as it stands`;
    return new RegExp(RegExp.escape(this.#wanted), this.#flags);
  }
}

/** Null: nothing is looked for. Never throws. */
export function patternOf(input: string): Pattern | null {
  return input === '' || input === '!' ? null : new Pattern(input);
}

/** What programs write when something went wrong: a level, or the words of stack traces. */
const WORDS = /\b(?:error|err|fatal|panic|critical|crit|emerg|alert|segfault|traceback|oom-?killed)\b/i;
const THROWN = /(?:Exception|Error)\b/;

export function looksLikeError(text: string): boolean {
  return WORDS.test(text) || THROWN.test(text);
}
