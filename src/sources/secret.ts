import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { printable } from '../model/printable.ts';
import { TroubleError } from '../model/trouble.ts';
import { why } from './why.ts';

/** Where a secret is to be found. A profile never holds the secret itself. */
export const SecretRef = z
  .union([
    z.strictObject({ env: z.string().min(1).describe('name of an environment variable') }),
    z.strictObject({ file: z.string().min(1).describe('path of a file; one line break at its end is left out') }),
    z.strictObject({ command: z.array(z.string()).min(1).describe('argument list; what it prints is the secret') }),
  ])
  .describe(
    'where a secret is found: {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT, …]}; never the secret itself',
  );

export type SecretRef = z.infer<typeof SecretRef>;

const COMMAND_MS = 15_000;

/**
 * The secret, read anew at each call, so that a changed one is found. Throws a TroubleError that names the place and
 * never the value: of a command neither its arguments nor what it printed.
 */
export async function readSecret(ref: SecretRef): Promise<string> {
  const [place, value] = await ('env' in ref
    ? fromEnvironment(ref.env)
    : 'file' in ref
      ? fromFile(ref.file)
      : fromCommand(ref.command));
  if (value === '') throw trouble(place, 'it is empty', null);
  return value;
}

async function fromEnvironment(name: string): Promise<[place: string, value: string]> {
  const place = `environment variable ${name}`;
  const value = process.env[name];
  if (value === undefined) throw trouble(place, 'it is not set', `export ${name} before the start`);
  return [place, value];
}

async function fromFile(path: string): Promise<[place: string, value: string]> {
  const place = `file ${path}`;
  const full = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  const text = await readFile(full, 'utf8').catch(error => {
    throw trouble(place, why(error), null);
  });
  return [place, text.replace(/\r?\n$/, '')];
}

async function fromCommand([program = '', ...args]: string[]): Promise<[place: string, value: string]> {
  const { execa } = await import('execa');
  const place = `command ${program}`;
  const result = await execa(program, args, { timeout: COMMAND_MS, reject: false, stdin: 'ignore' });
  if (!result.failed) return [place, result.stdout];
  const reason = result.timedOut
    ? `no answer within ${COMMAND_MS / 1000} s`
    : result.exitCode === undefined
      ? why(result.cause)
      : `it ended with ${result.exitCode}`;
  throw trouble(place, reason, 'run it by hand to see what it says');
}

function trouble(place: string, reason: string, fix: string | null): TroubleError {
  return new TroubleError({ what: 'read a secret', on: printable(place), why: reason, fix });
}
