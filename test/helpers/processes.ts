import { readdirSync, readFileSync } from 'node:fs';

/** Pids of the processes that were started with this variable in their environment (Linux). */
export function processesWith(name: string, value: string): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => environmentOf(pid).includes(`${name}=${value}`))
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // it has ended meanwhile
  }
}
