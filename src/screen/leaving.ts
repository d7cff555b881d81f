import type { Gateway } from '../actions/gateway.ts';
import type { Deeds } from './deeds.ts';
import type { Shown } from './shown.ts';

/** Quitting: at once where nothing is lost by it, else when the key is pressed twice. */
export class Leaving {
  readonly #shown: Shown;
  readonly #gateway: Gateway;
  readonly #quit: () => void;
  #interrupted = false;
  #asked = false;

  constructor(shown: Shown, gateway: Gateway, quit: () => void) {
    this.#shown = shown;
    this.#gateway = gateway;
    this.#quit = quit;
  }

  readonly deeds = { quit: () => this.#ask() } satisfies Deeds;

  /** Ctrl+C where it cancels nothing. */
  interrupt(): void {
    if (this.#interrupted) return this.#quit();
    this.#interrupted = true;
    this.#shown.message = 'Ctrl+C once more quits';
  }

  /** A key was pressed: only the same one again means it. */
  pressed(key: string): void {
    this.#interrupted = false;
    if (key !== this.#shown.options.keys.nameOf('quit')) this.#asked = false;
  }

  /** Asked once more while something is under way. */
  #ask(): void {
    const { running, background } = this.#gateway;
    const length = running.length - background.length;
    if (running.length === 0 || this.#asked) return this.#quit();
    this.#asked = true;
    const forwarded = background.length === 1 ? 'a port is forwarded' : `${background.length} ports are forwarded`;
    const actions = `${length === 1 ? 'an action is' : `${length} actions are`} still running`;
    this.#shown.message =
      length === 0
        ? `${forwarded}: once more quits and ends ${background.length === 1 ? 'it' : 'them'}`
        : `${actions}${background.length > 0 ? `, and ${forwarded}` : ''}: once more quits, and the journal then says unknown`;
  }
}
