import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as job control sees it. `session`: processes with the same one have the same controlling terminal. */
export interface Relation {
  parent: number;
  group: number;
  session: string;
}

/**
 * Whether somebody can continue our process group once it is stopped: the parent of the group is in the same session,
 * as a shell with job control is. Not so for `ssh -t host quarterdeck`, in tmux without a shell, as a container's first
 * process: stopped there, the program would hang for ever. When that cannot be found out the answer is no.
 */
export function canBeContinued(pid = process.pid, read: (pid: number) => Relation | null = relation): boolean {
  const own = read(pid);
  let outside = own;
  while (outside && outside.group === own?.group) outside = outside.parent > 0 ? read(outside.parent) : null;
  return own !== null && outside?.session === own.session;
}

/** From /proc where there is one (proc(5): state, parent, group, session after the name), else from ps. */
function relation(pid: number): Relation | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return { parent: Number(parent), group: Number(group), session: `${session}` };
    }
    const line = execFileSync('ps', ['-o', 'ppid=,pgid=,tty=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 2_000,
    });
    const [parent, group, session] = line.trim().split(/\s+/);
    return { parent: Number(parent), group: Number(group), session: `${session}` };
  } catch {
    return null; // gone, or not ours to see
  }
}
