import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { endGroup, localOptions, MOST_BYTES, runLocal, TOO_MUCH } from './run-local.ts';
import { quote } from './run-ssh.ts';
import type { Run, RunOptions, RunResult } from './runner.ts';

/** What a shell ends a command with that it could not start: not permitted or too long, and not found. */
const NOT_STARTED = [126, 127];
/** What a shell tells of a command that a signal ended: 128 and the number of the signal. */
const [BY_SIGNAL, LAST_SIGNAL] = [128, 64];

export interface Shells {
  run: Run;
  /** Ends the shells that wait; one that still runs a command ends with it. */
  close(): void;
}

/**
 * Runs reading commands on this machine as runLocal does, but lets a shell start them that was started once: to start a
 * child of a large program holds that program up, and costs the more the larger it is. No word of a command is ever
 * interpreted. A run takes a shell that waits, or starts another; one that ended meanwhile is replaced unseen.
 */
export function openShells(): Shells {
  const waiting: Shell[] = [];
  let isOpen = true;

  async function inShell(argv: string[], options: RunOptions): Promise<RunResult> {
    for (;;) {
      const kept = waiting.pop();
      const shell = kept ?? (await Shell.start());
      const result = await shell.run(argv, options);
      if (shell.isUsable && isOpen) waiting.push(shell);
      else shell.end();
      if (result) return result;
      if (!kept) throw new Error('sh ends before it runs a command');
    }
  }

  return {
    async run(argv, options) {
      options.signal?.throwIfAborted();
      const [program = ''] = argv;
      // What no shell takes as a word, or as the name of a program.
      if (program.startsWith('-') || argv.some(word => word.includes('\0'))) return runLocal(argv, options);
      const end = performance.now() + options.deadlineMs;
      const result = await inShell(argv, options);
      if (!NOT_STARTED.includes(result.code ?? 0)) return result;
      // Why it was not started is told best by the system itself, and it only reads.
      return runLocal(argv, { ...options, deadlineMs: Math.max(1, end - performance.now()) });
    },
    close() {
      isOpen = false;
      for (const shell of waiting.splice(0)) shell.end();
    },
  };
}

/**
 * One `sh` that runs a command after the other. It never keeps this program from ending, and ends with it, however that
 * ends: its stdin is at its end then.
 */
class Shell {
  readonly #child: ChildProcess;
  readonly #stdin: Socket;
  readonly #stdout: Socket;
  /** What commands say on their stderr. The shell's own, where it speaks of signals, is not read. */
  readonly #stderr: Socket;
  #isAbandoned = false;

  /** Rejects with the system's own error. */
  static async start(): Promise<Shell> {
    const child = spawn('sh', [], { ...localOptions(), stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
    await once(child, 'spawn');
    return new Shell(child);
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    [this.#stdin, this.#stdout, , this.#stderr] = child.stdio as unknown as [Socket, Socket, null, Socket];
    for (const stream of [this.#stdin, this.#stdout, this.#stderr]) {
      stream.on('error', () => {}); // it has ended, which the child itself tells
      stream.unref();
    }
    child.on('error', () => {}); // a kill that was not permitted
    child.unref();
  }

  get isUsable(): boolean {
    return !this.#isAbandoned && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** When it runs no command any more. */
  end(): void {
    this.#stdin.end();
  }

  /**
   * null when the shell had ended before it began the command. One that is let go of, or whose command says too much, is
   * killed together with it and is not usable again. Never rejects.
   */
  run(argv: string[], { deadlineMs, signal }: RunOptions): Promise<RunResult | null> {
    const mark = randomBytes(16).toString('hex');
    const [stdout, stderr] = [new Marked(mark), new Marked(mark)];
    let room = MOST_BYTES;
    return new Promise(resolve => {
      const finish = (result: Pick<RunResult, 'code' | 'timedOut' | 'gone'> | null) => {
        clearTimeout(deadline);
        signal?.removeEventListener('abort', abort);
        // What is said from now on is dropped, not left in the pipe: who fills that would wait for ever.
        this.#stdout.off('data', hearOut);
        this.#stderr.off('data', hearErr);
        this.#child.off('exit', abandon).off('close', closed);
        const words = stderr.text() + (room < 0 ? TOO_MUCH : '');
        resolve(result && { ...result, stdout: stdout.text(), stderr: words });
      };
      const hear = (into: Marked) => (chunk: Buffer) => {
        room -= chunk.length;
        if (room < 0) return abandon();
        into.take(chunk);
        if (stdout.isEnded && stderr.isEnded) finish({ code: codeOf(stdout.ending), timedOut: false });
      };
      const [hearOut, hearErr] = [hear(stdout), hear(stderr)];
      const abandon = () => {
        this.#isAbandoned = true;
        endGroup(this.#child);
      };
      const closed = () => finish(stdout.isBegun ? { code: null, timedOut: false } : null);
      const letGo = (timedOut: boolean) => {
        // The command holds the pipes as long as it is there: where it hangs in the kernel it outlives the shell.
        const gone = new Promise<void>(settle => this.#child.once('close', () => settle()));
        abandon();
        finish({ code: null, timedOut, gone });
      };
      const abort = () => letGo(false);
      // It keeps this program alive as long as the command runs.
      const deadline = setTimeout(() => letGo(true), deadlineMs);

      signal?.addEventListener('abort', abort, { once: true });
      this.#stdout.on('data', hearOut);
      this.#stderr.on('data', hearErr);
      // A shell that was killed alone leaves its command behind.
      this.#child.once('exit', abandon).once('close', closed);
      if (!this.isUsable) closed();
      else if (signal?.aborted) abort();
      else this.#stdin.write(lineFor(argv, mark));
    });
  }
}

/** Begins and ends both streams of the command with a mark of which it does not know; before the last stands its code. */
function lineFor(argv: string[], mark: string): string {
  const command = `(exec ${argv.map(quote).join(' ')}) </dev/null 2>&3 3>&-`;
  return `echo ${mark}; echo ${mark} >&3; ${command}; echo ":$?:${mark}"; echo "::${mark}" >&3\n`;
}

function codeOf(ending: string): number | null {
  const code = Number(ending);
  return code > BY_SIGNAL && code <= BY_SIGNAL + LAST_SIGNAL ? null : code;
}

/** What a stream says between two marks: `MARK\n`, what is said, `:ENDING:MARK\n`. */
class Marked {
  readonly #mark: string;
  readonly #chunks: Buffer[] = [];
  #marks = 0;
  /** The last bytes, in which a mark may have begun. */
  #seam: Buffer = Buffer.alloc(0);

  constructor(mark: string) {
    this.#mark = mark;
  }

  get isBegun(): boolean {
    return this.#marks > 0;
  }

  get isEnded(): boolean {
    return this.#marks > 1;
  }

  take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    const { length } = this.#mark;
    const looked = Buffer.concat([this.#seam, chunk]);
    for (let at = looked.indexOf(this.#mark); at >= 0; at = looked.indexOf(this.#mark, at + length)) this.#marks++;
    this.#seam = looked.subarray(Math.max(0, looked.length - length + 1));
  }

  text(): string {
    return this.#parts().said;
  }

  get ending(): string {
    return this.#parts().ending;
  }

  #parts(): { said: string; ending: string } {
    if (!this.isBegun) return { said: '', ending: '' };
    const all = Buffer.concat(this.#chunks);
    const from = all.indexOf(this.#mark) + this.#mark.length + '\n'.length;
    if (!this.isEnded) return { said: all.toString('utf8', from), ending: '' };
    const to = all.indexOf(this.#mark, from) - ':'.length;
    const end = all.lastIndexOf(':', to - 1);
    return { said: all.toString('utf8', from, end), ending: all.toString('utf8', end + 1, to) };
  }
}
