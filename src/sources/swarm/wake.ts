/** A sleep that can be ended early, from anywhere. */
export class Wake {
  #wake: () => void = () => {};

  /** Resolves after `ms`, at `now()`, or when the signal aborts; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  now(): void {
    this.#wake();
  }
}
