import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { given } from './given.ts';

/** Runs verbs of the part of the test bed whose ctl.sh this variable names: each resolves when the verb took effect, and rejects with what it says. */
export function ctl(variable: string): (...args: string[]) => Promise<void> {
  // What it starts stays: it must not inherit what a test sets.
  const { PATH, HOME } = process.env;
  const script = given(variable);
  return async (...args) => {
    await promisify(execFile)(script, args, { env: { PATH, HOME, BED: given('QD_BED') } });
  };
}
