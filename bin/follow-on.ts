import { spawn } from 'node:child_process';
import type { Options } from '../src/cli/arguments.ts';

/** How long the child follows what was cut off. */
const FOLLOWED = '15m';

/** Leaves a child behind, on its own, that looks in the systems how what is under way ends, and tells the journal. */
export function followOn({ profile, platform }: Pick<Options, 'profile' | 'platform'>): void {
  const named = profile !== null ? ['--profile', profile] : platform !== null ? ['--platform', platform] : [];
  const program = process.argv[1];
  if (program === undefined) return;
  const args = [...process.execArgv, program, 'journal', '--check', '--timeout', FOLLOWED, ...named];
  spawn(process.execPath, args, { detached: true, stdio: 'ignore' }).unref();
}
