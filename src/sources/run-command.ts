import { printable } from '../model/printable.ts';
import { maskText } from '../model/secrets.ts';
import type { Permit } from './permit.ts';

/** A command of this machine that changes something in a system. No shell reads it. */
export interface Command {
  /** The program and what it is told; must hold no secret: every user of the machine can read it. */
  argv: readonly string[];
  /** Beside our own environment; may hold secrets: it is neither shown nor kept. */
  env: Readonly<Record<string, string>>;
  /** What must not be seen of what it says. */
  secrets: readonly string[];
}

export interface CommandResult {
  /** null: it was ended by a signal, or at its deadline. */
  code: number | null;
  /** The last lines that it said, without secrets. */
  said: string[];
}

const DEADLINE_MS = 10 * 60_000;
const KEPT_LINES = 5;

/** Nobody may read any more what it says: that is no reason to end in the middle. */
const UNHEARD = 'trap "" PIPE; exec "$@"';

/**
 * Runs a command to its end, whatever happens meanwhile, to the terminal or to this program: one that is killed in the
 * middle leaves nobody knows what. `tell` gets each line that it says, without secrets. Rejects when it cannot be started.
 */
export async function runCommand(
  permit: Permit,
  { argv, env, secrets }: Command,
  tell: (line: string) => void,
): Promise<CommandResult> {
  permit.check();
  const { execa } = await import('execa');
  const child = execa('sh', ['-c', UNHEARD, 'sh', ...argv], {
    env,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: DEADLINE_MS,
    detached: true,
  });
  const said: string[] = [];
  for await (const line of child.iterable({ from: 'all' })) {
    const shown = masked(String(line), secrets);
    if (shown.trim() === '') continue;
    said.push(shown);
    if (said.length > KEPT_LINES) said.shift();
    tell(shown);
  }
  const { exitCode, code, originalMessage } = await child;
  if (code === 'ENOENT' || (exitCode === undefined && code)) throw new Error(originalMessage ?? String(code));
  return { code: exitCode ?? null, said };
}

function masked(line: string, secrets: readonly string[]): string {
  const hidden = secrets.filter(Boolean).reduce((text, secret) => text.replaceAll(secret, '********'), line);
  return printable(maskText(hidden), 200);
}
