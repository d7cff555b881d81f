/** Aborts when nothing has been heard for `ms`, or when one of the other signals does. */
export class Silence {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout;

  constructor(ms: number, ...others: AbortSignal[]) {
    this.signal = AbortSignal.any([this.#controller.signal, ...others]);
    this.#timer = this.#arm(ms);
  }

  /** Whether it was the silence that aborted. */
  get tooLong(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Begins to wait again. */
  heard(): void {
    this.#timer.refresh();
  }

  /** From now on, `ms` of silence are too long. */
  allow(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = this.#arm(ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(new SilentError(ms)), ms);
  }
}

/** The other side holds the connection and says nothing. */
export class SilentError extends Error {
  override name = 'SilentError';

  constructor(ms: number) {
    super(`no answer for ${Math.round(ms / 1000)} s`);
  }
}
