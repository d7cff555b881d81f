import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as job control sees it. */
export interface Relation {
  parent: number;
  group: number;
  /** Processes with the same one have the same controlling terminal. */
  session: string;
  /** The group that the terminal belongs to at the moment. */
  foreground: number;
}

export type Read = (pid: number) => Relation | null;

/**
 * Whether somebody can continue our process group once it is stopped: the parent of the group is in the same session,
 * as a shell with job control is. Not so for `ssh -t host quarterdeck`, in tmux without a shell, as a container's first
 * process: stopped there, the program would hang for ever. When that cannot be found out the answer is no.
 */
export function canBeContinued(pid = process.pid, read: Read = relation): boolean {
  const own = read(pid);
  let outside = own;
  while (outside && outside.group === own?.group) outside = outside.parent > 0 ? read(outside.parent) : null;
  return own !== null && outside?.session === own.session;
}

/** Whether the terminal is ours at the moment, not the shell's; true also when that cannot be found out. */
export function isForeground(pid = process.pid, read: Read = relation): boolean {
  const own = read(pid);
  return own === null || own.foreground === own.group;
}

/** From /proc where there is one (proc(5): after the name state, parent, group, session, tty, foreground), else ps. */
function relation(pid: number): Relation | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [, parent, group, session, , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return { parent: Number(parent), group: Number(group), session: `${session}`, foreground: Number(foreground) };
    }
    const columns = ['-o', 'ppid=,pgid=,tty=,tpgid=', '-p', String(pid)];
    const line = execFileSync('ps', columns, { encoding: 'utf8', timeout: 2_000 });
    const [parent, group, session, foreground] = line.trim().split(/\s+/);
    return { parent: Number(parent), group: Number(group), session: `${session}`, foreground: Number(foreground) };
  } catch {
    return null; // gone, or not ours to see
  }
}
