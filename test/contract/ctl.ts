import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { given } from './given.ts';

/** Runs verbs of the part of the test bed whose ctl.sh this variable names: each resolves when the verb took effect, and rejects with what it says. */
export function ctl(variable: string): (...args: string[]) => Promise<void> {
  const ask = asking(variable);
  return async (...args) => void (await ask(...args));
}

/** As `ctl`, and resolves with what the verb prints. */
export function asking(variable: string): (...args: string[]) => Promise<string> {
  // What it starts stays: it must not inherit what a test sets.
  const { PATH, HOME } = process.env;
  const script = given(variable);
  return async (...args) => {
    const { stdout } = await promisify(execFile)(script, args, { env: { PATH, HOME, BED: given('QD_BED') } });
    return stdout.trim();
  };
}
