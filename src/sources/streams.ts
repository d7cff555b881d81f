import type { Duplex } from 'node:stream';
import { TroubleError } from '../model/trouble.ts';
import type { Permit } from './permit.ts';

/** Of a terminal, in characters. */
export interface Size {
  columns: number;
  rows: number;
}

/** A command that is to run inside of something. */
export interface Execution {
  /** Where the system's API keeps the pod or the container. */
  path: string;
  /** Which container of a pod; the first one when left out. */
  container?: string | undefined;
  /** Its words; null: no new process, but what the container itself runs. */
  command: readonly string[] | null;
  /** The terminal that it gets; null: none, and nothing to read from either. */
  tty: Size | null;
  /** What it prints, as it comes. With a terminal there is one stream only. */
  out(data: Buffer, from: 'stdout' | 'stderr'): void;
}

/** A command that runs on the other side. */
export interface Remote {
  /** The exit code; null where the system told none. Rejects with a NotStarted, or a TroubleError when the way is lost. */
  readonly ended: Promise<number | null>;
  /** What is typed. */
  type(data: Buffer): void;
  resize(size: Size): void;
}

/**
 * Resolves when the way is open, rejects with a NotStarted or another TroubleError. When the signal aborts the way is
 * closed; whether that ends the command is for the system to decide.
 */
export type Execute = (permit: Permit, execution: Execution, signal: AbortSignal) => Promise<Remote>;

/** Resolves with a connection to a port; rejects with a TroubleError. */
export type Connect = (permit: Permit, path: string, port: number, signal: AbortSignal) => Promise<Duplex>;

/** The way was there, but no such program: another one can be tried. */
export class NotStarted extends TroubleError {
  override name = 'NotStarted';
}
