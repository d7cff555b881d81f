/** What is looked for in lines. `error`: it is no regular expression (yet), and is taken as it stands. */
export interface Pattern {
  test(text: string): boolean;
  error: string | null;
}

/** A regular expression, letters of both cases alike unless it has a capital; `!` in front inverts it. Never throws. */
export function patternOf(input: string): Pattern | null {
  const inverted = input.startsWith('!');
  const wanted = inverted ? input.slice(1) : input;
  if (wanted === '') return null;
  const { expression, error } = expressionOf(wanted);
  return { test: text => expression.test(text) !== inverted, error };
}

/** The places that match, for marking them. */
export function expressionOf(wanted: string): { expression: RegExp; error: string | null } {
  const flags = /\p{Lu}/u.test(wanted) ? 'u' : 'iu';
  try {
    return { expression: new RegExp(wanted, flags), error: null };
  } catch {
    return {
      expression: new RegExp(RegExp.escape(wanted), flags),
      error: 'no regular expression: looked for as it stands',
    };
  }
}

/** What programs write when something went wrong: a level, or the words of stack traces. */
const WORDS = /\b(?:error|err|fatal|panic|critical|crit|emerg|alert|segfault|traceback|oom-?killed)\b/i;
const THROWN = /(?:Exception|Error)\b/;

export function looksLikeError(text: string): boolean {
  return WORDS.test(text) || THROWN.test(text);
}
