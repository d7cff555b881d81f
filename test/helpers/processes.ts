import { readdirSync, readFileSync } from 'node:fs';

/** Pids of the processes that were started with this variable in their environment (Linux). */
export function processesWith(name: string, value: string): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => wordsOf(pid, 'environ').includes(`${name}=${value}`))
    .map(Number);
}

/** Whether it is a shell that is told its commands: `sh`, and not a word more. */
export function isLastingShell(pid: number): boolean {
  const [program, ...words] = wordsOf(pid, 'cmdline');
  return program === 'sh' && words.join('') === '';
}

function wordsOf(pid: number | string, file: 'cmdline' | 'environ'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return []; // it has ended meanwhile
  }
}

/** Whether it runs: a zombie does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z';
  } catch {
    return false;
  }
}
