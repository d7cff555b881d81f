import type { MouseEvent } from '../src/keys/mouse.ts';
import { asGuest, type Guest } from '../src/stage/guest.ts';
import type { Colors } from '../src/stage/sgr.ts';
import { Stage } from '../src/stage/stage.ts';
import { guardTerminal, type TerminalGuard } from '../src/stage/terminal-guard.ts';
import { createTerminalInput, type TerminalInput } from '../src/stage/terminal-input.ts';

/** As a shell tells of SIGHUP. */
const LOST = 129;

export interface TerminalOptions {
  colors: Colors;
  log(line: string): void;
}

/** Also that of the machine that an operator came from: its name is all that comes along by SSH. */
function isInTmux({ TMUX, STY, TERM = '' }: NodeJS.ProcessEnv): boolean {
  return !STY && (TMUX !== undefined || TERM.startsWith('tmux'));
}

/** The terminal that the program runs in, taken for as long as the screen is open. */
export class Terminal {
  readonly stage: Stage;
  readonly input: TerminalInput;
  /** Resolves with the exit code when the terminal is gone or a signal ends the program. */
  readonly ended: Promise<number>;
  readonly #guard: TerminalGuard;
  #closed = false;
  #mouse: (event: MouseEvent) => void = () => {};
  #resized: (columns: number, rows: number) => void = () => {};

  constructor({ colors, log }: TerminalOptions) {
    let end!: (code: number) => void;
    this.ended = new Promise(resolve => {
      end = resolve;
    });
    this.stage = new Stage({ out: process.stdout, colors, inTmux: isInTmux(process.env), log, lost: () => end(LOST) });
    this.#guard = guardTerminal({ stage: this.stage, stdin: process.stdin, log, end });
    // `error` stays heard: one that comes late must not end the program's orderly end.
    process.stdin.on('error', error => {
      log(`terminal input lost: ${error.message}`);
      end(LOST);
    });
    // Raw first: what is typed ahead must not be echoed into the screen.
    this.input = createTerminalInput(process.stdin, event => this.#mouse(event));
    this.stage.open();
    this.stage.inkStdout.on('resize', () => this.#tellSize());
  }

  /** Who hears of the mouse from now on. */
  onMouse(listener: (event: MouseEvent) => void): void {
    this.#mouse = listener;
  }

  /** Who hears of the size from now on; told at once. */
  onResize(listener: (columns: number, rows: number) => void): void {
    this.#resized = listener;
    this.#tellSize();
  }

  /** Gives the terminal to the shell until it continues us; false where nobody would. */
  suspend(): boolean {
    return this.#guard.suspend();
  }

  /** Gives the terminal to somebody else until `use` has ended, and takes it back whole. `head` is told first. */
  async lend<T>(head: string, use: (guest: Guest) => Promise<T>): Promise<T> {
    this.input.pause();
    this.#guard.lend();
    this.stage.suspend();
    try {
      process.stdout.write(`${head}\r\n`);
      return await asGuest(process.stdin, process.stdout, use);
    } finally {
      this.#guard.takeBack();
      if (!this.#closed) {
        this.input.resume();
        this.stage.resume();
      }
    }
  }

  /** Ends the program for a fault of its own, told after the terminal is restored. */
  fail(error: unknown): void {
    this.#guard.fail(error);
  }

  close(): void {
    this.#closed = true;
    this.stage.close();
    this.input.close();
    this.#guard.close();
  }

  #tellSize(): void {
    this.#resized(this.stage.inkStdout.columns, this.stage.inkStdout.rows);
  }
}
