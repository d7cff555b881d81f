/**
 * The right to write, for as long as one action runs. Only the gateway issues one (test/actions/one-door.test.ts walks
 * the code), and every client that writes asks for it: so there is one way to change anything.
 */
export class Permit {
  #open = true;

  static issue(): Permit {
    return new Permit();
  }

  private constructor() {}

  /** Throws when the action that it was issued for has ended. */
  check(): void {
    if (!this.#open) throw new Error('the permit to write has ended with its action');
  }

  end(): void {
    this.#open = false;
  }
}
