import { DemoError } from '../demo/client.ts';
import { printable } from '../model/printable.ts';
import { ProfileError } from '../profile/profile-error.ts';
import { UsageError } from './arguments.ts';
import { EXIT } from './io.ts';

/** What can be told in a sentence and needs no stack. */
export interface Mistake {
  /** Whole lines for standard error. */
  text: string;
  code: number;
}

/**
 * How an error ends the program, piped or on a terminal: the user's mistakes with 64, an embedded platform that does
 * not start with 70. null: a fault of our own.
 */
export function mistake(error: unknown): Mistake | null {
  if (error instanceof UsageError) return { text: `quarterdeck: ${error.message}\n`, code: EXIT.usage };
  if (error instanceof ProfileError) {
    return { text: `quarterdeck: the profile has mistakes\n${error.message}\n`, code: EXIT.usage };
  }
  if (error instanceof DemoError) {
    return { text: `quarterdeck: ${printable(error.message)}\n`, code: error.usage ? EXIT.usage : EXIT.fault };
  }
  return null;
}
