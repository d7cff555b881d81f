import { setTimeout as sleep } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm, { type IBufferCell } from '@xterm/headless';

export interface PtyOptions {
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
  cwd?: string;
  /** A link that carries no more than so many bytes a second; what it has not taken yet the program must keep. */
  bytesPerSecond?: number;
}

/** A program in a real pseudo-terminal, its screen in an emulator. */
export class PtyProgram {
  readonly #pty: IPty;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  /** Everything that it wrote. */
  written = '';
  /** When it wrote last, as performance.now() has it. */
  heardAt = 0;
  exit: { code: number; signal: number | undefined } | null = null;

  constructor(
    file: string,
    args: string[],
    { columns = 120, rows = 40, env = {}, cwd = process.cwd(), bytesPerSecond }: PtyOptions = {},
  ) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    this.#pty = spawn(file, args, {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd,
      env: { PATH: process.env.PATH!, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    });
    const take = (data: string) => {
      this.heardAt = performance.now();
      this.written += data;
      this.#terminal.write(data);
    };
    this.#pty.onData(data => {
      if (bytesPerSecond === undefined) return take(data);
      this.#pty.pause();
      setTimeout(
        () => {
          take(data);
          this.#pty.resume();
        },
        (Buffer.byteLength(data) * 1_000) / bytesPerSecond,
      );
    });
    this.#pty.onExit(({ exitCode, signal }) => {
      this.exit = { code: exitCode, signal };
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Keys as a terminal sends them. */
  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** A dialog takes no answer to what is disruptive before it could be read. */
  async read(): Promise<void> {
    await sleep(800);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  signal(name: string): void {
    process.kill(this.#pty.pid, name as NodeJS.Signals);
  }

  lines(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** The cells of a row, for colours. */
  cells(row: number): IBufferCell[] {
    const line = this.#terminal.buffer.active.getLine(row);
    return Array.from({ length: this.#terminal.cols }, (_, column) => line!.getCell(column)!);
  }

  /** Whether a cell is drawn inverse, as the row under the cursor is. */
  isInverse(row: number, column: number): boolean {
    return Boolean(this.#terminal.buffer.active.getLine(row)?.getCell(column)?.isInverse());
  }

  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** Waits until the screen holds the text. */
  async shows(wanted: string | RegExp, timeout?: number): Promise<void> {
    await this.#until(() => this.#holds(wanted), `the screen does not show ${wanted}`, timeout);
  }

  async lacks(unwanted: string | RegExp, timeout?: number): Promise<void> {
    await this.#until(() => !this.#holds(unwanted), `the screen still shows ${unwanted}`, timeout);
  }

  /** Waits until it has written the text, seen or not. */
  async wrote(wanted: string, timeout?: number): Promise<void> {
    await this.#until(() => this.written.includes(wanted), `it has not written ${JSON.stringify(wanted)}`, timeout);
  }

  async ended(timeout?: number): Promise<{ code: number; signal: number | undefined }> {
    await this.#until(() => this.exit !== null, 'it has not ended', timeout);
    return this.exit!;
  }

  /** Ends it, if it still runs. */
  close(): void {
    if (!this.exit) this.#pty.kill('SIGKILL');
    this.#terminal.dispose();
  }

  #holds(wanted: string | RegExp): boolean {
    const text = this.text();
    return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
  }

  async #until(done: () => boolean, failure: string, timeout = 15_000): Promise<void> {
    const end = performance.now() + timeout;
    while (!done()) {
      if (performance.now() > end) throw new Error(`${failure}:\n${this.text()}`);
      await sleep(30);
    }
  }
}
