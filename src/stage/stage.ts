import { EventEmitter } from 'node:events';
import { clipboard } from './clipboard.ts';
import { enter, LEAVE, modes, mouseMode } from './modes.ts';
import { Pace, type Timers } from './pace.ts';
import { Painter } from './painter.ts';
import type { Picture } from './picture.ts';
import type { Colors } from './sgr.ts';
import { writeNow } from './write-now.ts';

/** The part of a terminal's write stream that the stage needs. */
export interface Out {
  readonly columns?: number;
  readonly rows?: number;
  /** Where there is one, taking and giving back the terminal go through it, before the call returns. */
  readonly fd?: number;
  write(text: string): boolean;
  on(event: 'resize' | 'drain' | 'error', listener: (error: Error) => void): unknown;
  off(event: 'resize' | 'drain' | 'error', listener: (error: Error) => void): unknown;
}

export interface StageOptions {
  out: Out;
  colors: Colors;
  /** Default true. */
  mouse?: boolean;
  /** tmux stands between us and the terminal. */
  inTmux?: boolean;
  /** For the log file. */
  log?(line: string): void;
  /** The terminal is gone (EPIPE, EIO): nothing that is drawn arrives any more. Called at most once. */
  lost?(error: Error): void;
  /** Milliseconds that only grow. */
  clock?(): number;
  timers?: Timers;
}

/** A terminal resizes in bursts: the size that is there so long after the first change counts. */
const SETTLE_MS = 50;

type Done = (error?: Error | null) => void;

/** The only way to the terminal: takes pictures and sends what changed, when it is time. */
export class Stage {
  /**
   * What Ink gets as `stdout`, together with `debug: true`, `interactive: true`, `exitOnCtrlC: false` and
   * `patchConsole: false`. Has the size that pictures must have; `resize` tells a new one, once for a burst. Of what Ink
   * writes nothing is drawn; a write with a callback is its barrier: it is told when the last picture is on the terminal.
   */
  readonly inkStdout: NodeJS.WriteStream;
  readonly #size: EventEmitter & { columns: number; rows: number };
  readonly #out: Out;
  readonly #log: (line: string) => void;
  readonly #lost: (error: Error) => void;
  readonly #clock: () => number;
  readonly #timers: Timers;
  readonly #painter: Painter;
  readonly #pace: Pace;
  readonly #slowListeners = new Set<() => void>();
  /** Who waits until the terminal shows the last picture. */
  readonly #barriers: Done[] = [];
  #state: 'new' | 'open' | 'suspended' | 'closed' = 'new';
  readonly #inTmux: boolean;
  #mouse: boolean;
  #gone = false;
  #look: (() => Picture) | null = null;
  /** It was not compared with the screen yet. */
  #dirty = false;
  #keyPressed = false;
  /** When the write began that the stream still holds back; null when it takes more. */
  #fullSince: number | null = null;
  #settling: unknown = null;

  constructor({
    out,
    colors,
    mouse = true,
    inTmux = false,
    log = () => {},
    lost = () => {},
    clock,
    timers,
  }: StageOptions) {
    this.#out = out;
    this.#mouse = mouse;
    this.#inTmux = inTmux;
    this.#log = log;
    this.#lost = lost;
    this.#clock = clock ?? (() => performance.now());
    this.#timers = timers ?? globalThis;
    this.#painter = new Painter(...sizeOf(out), colors);
    this.#pace = new Pace(() => this.#draw(), this.#clock, this.#timers);
    this.#size = Object.assign(new EventEmitter(), {
      columns: this.#painter.columns,
      rows: this.#painter.rows,
      isTTY: true,
      write: (_: string, encoding?: BufferEncoding | Done, done?: Done) => {
        const barrier = typeof encoding === 'function' ? encoding : done;
        if (barrier) this.#await(barrier);
        return true;
      },
    });
    this.#size.setMaxListeners(0);
    this.inkStdout = this.#size as unknown as NodeJS.WriteStream;
  }

  /** The link does not keep up and frames come more rarely: for the header. */
  get slow(): boolean {
    return this.#pace.slow;
  }

  /** Calls back when `slow` has changed; returns what ends that. */
  onSlow(listener: () => void): () => void {
    this.#slowListeners.add(listener);
    return () => this.#slowListeners.delete(listener);
  }

  /** Takes the terminal: the alternate screen is there when this returns. */
  open(): void {
    if (this.#state !== 'new') return;
    this.#out.on('resize', this.#onResize);
    this.#out.on('drain', this.#onDrain);
    this.#out.on('error', this.#onError);
    this.#enter();
  }

  /** Shows from now on what `look` returns: it is asked when it is time to draw, and never if another comes before. */
  show(look: () => Picture): void {
    if (this.#state === 'closed') return;
    this.#look = look;
    this.#change(this.#keyPressed);
  }

  /** Resolves when the terminal shows the last picture, or will show none any more. */
  drawn(): Promise<void> {
    return new Promise(resolve => this.#await(() => resolve()));
  }

  /** A key was pressed: what it changes is drawn at once. */
  urgent(): void {
    this.#keyPressed = true;
  }

  /** Sets the terminal's modes and draws the whole screen again, without erasing it first (Ctrl-L). */
  repaint(): void {
    if (this.#state !== 'open') return;
    this.#sendNow(modes(this.#mouse));
    this.#painter.forget();
    this.#change(true);
  }

  /** With the mouse off the terminal's own selection works. */
  setMouse(on: boolean): void {
    this.#mouse = on;
    if (this.#state === 'open') this.#sendNow(mouseMode(on));
  }

  /** Puts a text into the clipboard of the terminal; many have to be told to take it. */
  copy(text: string): void {
    if (this.#state === 'open') this.#sendNow(clipboard(text, this.#inTmux));
  }

  /** Gives the terminal back for a while: to the shell, an editor, a pager. Pictures wait. */
  suspend(): void {
    if (this.#state !== 'open') return;
    this.#state = 'suspended';
    this.#pace.stop();
    this.#sendNow(LEAVE);
    this.#passBarriers();
  }

  /** Takes it again and draws everything; right also when it was never given back (SIGCONT after a SIGSTOP). */
  resume(): void {
    if (this.#state === 'new' || this.#state === 'closed') return;
    this.#enter();
    this.#settle();
  }

  /** Gives the terminal back for good, before it returns. The second time nothing happens. */
  close(): void {
    if (this.#state === 'closed') return;
    const held = this.#state === 'open';
    this.#state = 'closed';
    this.#pace.stop();
    this.#timers.clearTimeout(this.#settling);
    this.#out.off('resize', this.#onResize);
    this.#out.off('drain', this.#onDrain);
    // `error` stays heard: one that comes late must not end the program's orderly end
    if (held) this.#sendNow(LEAVE);
    this.#passBarriers();
  }

  #enter(): void {
    this.#state = 'open';
    this.#sendNow(enter(this.#mouse));
    this.#painter.blank();
    this.#change(true);
  }

  #await(done: Done): void {
    if (this.#dirty && !this.#gone && this.#state === 'open') this.#barriers.push(done);
    else queueMicrotask(done);
  }

  #change(urgent: boolean): void {
    if (this.#look === null) return;
    this.#dirty = true;
    if (this.#state === 'open') this.#pace.ask(urgent);
  }

  /** Draws what is to be seen if the terminal takes it now; true when there was anything to send. */
  #draw(): boolean {
    const ready = this.#state === 'open' && !this.#gone && this.#settling === null && this.#fullSince === null;
    if (!ready || this.#look === null) return false;
    const text = this.#painter.paint(this.#look());
    this.#dirty = false;
    this.#keyPressed = false;
    if (text !== '') this.#send(text);
    this.#passBarriers();
    return text !== '';
  }

  #send(text: string): void {
    const startedAt = this.#clock();
    try {
      if (this.#out.write(text)) this.#took(this.#clock() - startedAt);
      else this.#fullSince = startedAt;
    } catch (error) {
      this.#onError(error as Error);
    }
  }

  #sendNow(text: string): void {
    if (this.#gone) return;
    try {
      if (this.#out.fd === undefined) this.#out.write(text);
      else writeNow(this.#out.fd, text);
    } catch (error) {
      this.#onError(error as Error);
    }
  }

  #took(ms: number): void {
    if (this.#pace.took(ms)) for (const listener of this.#slowListeners) listener();
  }

  #passBarriers(): void {
    for (const done of this.#barriers.splice(0)) done();
  }

  readonly #onDrain = (): void => {
    if (this.#fullSince === null) return;
    const since = this.#fullSince;
    this.#fullSince = null;
    this.#took(this.#clock() - since);
    if (this.#dirty) this.#change(this.#keyPressed);
  };

  readonly #onResize = (): void => {
    this.#settling ??= this.#timers.setTimeout(() => this.#settle(), SETTLE_MS);
  };

  /** Takes over the size that the terminal has now. */
  #settle(): void {
    this.#timers.clearTimeout(this.#settling);
    this.#settling = null;
    const [columns, rows] = sizeOf(this.#out);
    if (columns !== this.#painter.columns || rows !== this.#painter.rows) {
      this.#painter.resize(columns, rows);
      Object.assign(this.#size, { columns, rows });
      this.#size.emit('resize');
    }
    this.#change(this.#keyPressed);
  }

  readonly #onError = (error: Error): void => {
    if (this.#gone) return;
    this.#gone = true;
    this.#pace.stop();
    this.#log(`terminal lost: ${error.message}`);
    this.#passBarriers();
    this.#lost(error);
  };
}

function sizeOf({ columns, rows }: Out): [columns: number, rows: number] {
  return [columns || 80, rows || 24];
}
