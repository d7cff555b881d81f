/** The world around a command: handed in, so that tests can be it. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Columns of the terminal that standard output is; null when it is a pipe or a file. */
  columns: number | null;
  rows: number | null;
  /** Both ends are a terminal: the screen can be opened. */
  isInteractive: boolean;
  /** Bits of colour that the terminal has, 1 for none. */
  colorDepth: number;
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Aborts when the program is to end: Ctrl-C, SIGTERM, a reader that went away. */
  signal: AbortSignal;
}

export const EXIT = {
  well: 0,
  warnings: 1,
  bad: 2,
  notLive: 3,
  /** EX_USAGE: the command line or the profile. */
  usage: 64,
  /** EX_SOFTWARE: our own fault. */
  fault: 70,
} as const;

/** This process. */
export function processIo(): Io {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort());
  const heard = (stream: NodeJS.WriteStream) =>
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Whoever read has gone: nobody is left to tell.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
      ending.abort();
    });
  heard(process.stdout);
  // Made when it is first written to: the first frame has no time for it.
  let stderr: NodeJS.WriteStream | null = null;
  return {
    out: text => void process.stdout.write(text),
    err: text => {
      stderr ??= heard(process.stderr);
      stderr.write(text);
    },
    columns: process.stdout.isTTY ? process.stdout.columns : null,
    rows: process.stdout.isTTY ? process.stdout.rows : null,
    isInteractive: Boolean(process.stdin.isTTY && process.stdout.isTTY),
    colorDepth: process.stdout.isTTY ? process.stdout.getColorDepth() : 1,
    env: process.env,
    now: Date.now,
    signal: ending.signal,
  };
}
