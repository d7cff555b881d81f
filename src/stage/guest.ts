import { spawn } from 'node:child_process';
import type { ReadStream, WriteStream } from 'node:tty';
import { AFTER_GUEST } from './modes.ts';

interface Size {
  columns: number;
  rows: number;
}

/** The terminal, while somebody else than the screen has it. */
export interface Guest {
  size(): Size;
  print(data: Buffer): void;
  /** Every byte that is typed goes to the listener; a key like Ctrl-C is one of them. */
  onType(listener: (data: Buffer) => void): void;
  onResize(listener: (size: Size) => void): void;
  /** A program of this machine has the terminal until it ends; null: by a signal. Rejects when it does not start. */
  run(file: string, args: readonly string[]): Promise<number | null>;
}

/** Lets `use` have the terminal, raw, and leaves it in its usual modes and not raw, whatever happened in it. */
export async function asGuest<T>(
  stdin: ReadStream,
  stdout: WriteStream,
  use: (guest: Guest) => Promise<T>,
): Promise<T> {
  let typed: (data: Buffer) => void = () => {};
  let resized: (size: Size) => void = () => {};
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const onData = (chunk: Buffer | string) => typed(Buffer.from(chunk as string));
  const onResize = () => resized(size());
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdout.on('resize', onResize);
  stdin.resume();
  try {
    return await use({
      size,
      print: data => void stdout.write(data),
      onType(listener) {
        typed = listener;
      },
      onResize(listener) {
        resized = listener;
      },
      async run(file, args) {
        stdin.pause();
        stdin.setRawMode(false);
        try {
          return await ended(file, args);
        } finally {
          stdin.setRawMode(true);
          stdin.resume();
        }
      },
    });
  } finally {
    stdin.off('data', onData);
    stdout.off('resize', onResize);
    stdin.pause();
    stdout.write(AFTER_GUEST);
    stdin.setRawMode(false);
  }
}

function ended(file: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', code => resolve(code));
  });
}
