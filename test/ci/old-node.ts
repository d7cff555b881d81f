import { execFileSync } from 'node:child_process';
import { delimiter } from 'node:path';

/** The first Node in PATH that is older than the pinned one: the machine's own. Throws where there is none. */
export function oldNode(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = `${folder}/node`;
    const version = versionOf(path);
    if (version !== null && version >= 20 && version < 24) return path;
  }
  throw new Error('no Node from 20 to 23 in PATH: what an older Node does cannot be tested here');
}

function versionOf(path: string): number | null {
  try {
    return Number.parseInt(execFileSync(path, ['--version'], { encoding: 'utf8' }).slice(1), 10);
  } catch {
    return null;
  }
}
