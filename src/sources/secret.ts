import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { printable } from '../model/printable.ts';
import { TroubleError } from '../model/trouble.ts';
import { orAbort } from './pulse.ts';
import type { SecretRef } from './secret-ref.ts';
import { why } from './why.ts';

/** There is no secret at the place that the profile names. */
export class SecretMissing extends TroubleError {
  override name = 'SecretMissing';
}

const DEADLINE_MS = 15_000;

/**
 * The secret, read anew at each call, so that a changed one is found. Throws a TroubleError that names the place and
 * never the value: of a command neither its arguments nor what it printed.
 */
export async function readSecret(ref: SecretRef): Promise<string> {
  const place = placeOf(ref);
  const reading =
    'env' in ref ? fromEnvironment(ref.env) : 'file' in ref ? fromFile(ref.file) : fromCommand(ref.command);
  try {
    const value = await orAbort(reading, AbortSignal.timeout(DEADLINE_MS));
    if (value === '') throw new Error('it is empty');
    return value;
  } catch (error) {
    const fix = 'env' in ref ? `export ${ref.env} before the start` : null;
    throw new SecretMissing({ what: 'read a secret', on: printable(place), why: why(error), fix });
  }
}

function placeOf(ref: SecretRef): string {
  if ('env' in ref) return `environment variable ${ref.env}`;
  return 'file' in ref ? `file ${ref.file}` : `command ${ref.command[0]}`;
}

async function fromEnvironment(name: string): Promise<string> {
  const value = process.env[name];
  if (value === undefined) throw new Error('it is not set');
  return value;
}

async function fromFile(path: string): Promise<string> {
  const full = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  return (await readFile(full, 'utf8')).replace(/\r?\n$/, '');
}

async function fromCommand([program = '', ...args]: string[]): Promise<string> {
  const { execa } = await import('execa');
  const result = await execa(program, args, { timeout: DEADLINE_MS, reject: false, stdin: 'ignore' });
  if (!result.failed) return result.stdout;
  // The library's own message repeats the arguments and what was printed.
  throw result.exitCode === undefined
    ? (result.cause ?? new Error('it did not end in time'))
    : new Error(`it ended with ${result.exitCode}`);
}
