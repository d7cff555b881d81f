import type { Size } from '../sources/streams.ts';

/** Where the operator sits: a terminal, or only somewhere to print to. */
export interface Console {
  /** Its terminal can be given over; without one nothing can be typed. */
  readonly hasTerminal: boolean;
  /** Gives it over for as long as `use` runs; it is taken back whole, whatever happens. `head` is told first. */
  lend<T>(head: string, use: (terminal: Lent) => Promise<T>): Promise<T>;
}

/** A console while it is lent: raw, every key is a byte for whoever has it. */
export interface Lent {
  /** null: it is no terminal. */
  size(): Size | null;
  print(data: Buffer, to: 'stdout' | 'stderr'): void;
  /** Who gets what is typed from now on. */
  onType(listener: (data: Buffer) => void): void;
  onResize(listener: (size: Size) => void): void;
  /** Runs a program of this machine with the terminal, such as an editor; null: a signal ended it. Rejects when it does not start. */
  run(file: string, args: readonly string[]): Promise<number | null>;
}
