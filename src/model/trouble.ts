/** A failure as an operator needs it: what failed, on what, why, and what to do. All of it printable, none of it secret. */
export interface Trouble {
  /** What was being done: "list pods". */
  what: string;
  /** On what: the server, context, path or host. */
  on: string;
  /** Why it failed, in the words of the system that refused where there are any. */
  why: string;
  /** What to do about it, or null when nobody can know. */
  fix: string | null;
}

/** A failure that carries its Trouble through code that throws. */
export class TroubleError extends Error {
  override name = 'TroubleError';
  readonly trouble: Trouble;

  constructor(trouble: Trouble, cause?: unknown) {
    super(sentence(trouble), { cause });
    this.trouble = trouble;
  }
}

/** One line for a pane or a log: "list pods on prod: connection refused (is the API server up?)". */
export function sentence({ what, on, why, fix }: Trouble): string {
  return `${what} on ${on}: ${why}${fix ? ` (${fix})` : ''}`;
}
