import type { Kind } from './entity.ts';

/** `done`: seen in the system. `refused`: it said no, nothing changed. `failed`: it did not come to be. */
export type Outcome = 'done' | 'refused' | 'failed' | 'unknown';

export type Risk = 'safe' | 'disruptive' | 'destructive';

/** One thing that changes: "replicas", from "3" to "5". */
export interface Change {
  what: string;
  from: string;
  to: string;
}

/**
 * What the system holds once it has taken a write, and can be asked for later: the value at `at` in the object at
 * `path`, or, with `gone`, that no object with this uid is there any more.
 */
export type Proof = { path: string; at: string[]; is: unknown } | { path: string; gone: string };

/** What an action is asked to do beside its target: from the dialog, or from `--set`. */
export type Input = Readonly<Record<string, string>>;

/** The verb and input that take a deed back. */
export interface Inverse {
  verb: string;
  input: Input;
}

/** An action before it is carried out, as the journal keeps it. Never a secret. */
export interface Intent {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  operator: string;
  /** Address that the operator came from by SSH. */
  sshClient: string | null;
  /** The embedded platform. */
  demo: boolean;
  /** Who is at the other end, and as whom. */
  system: string;
  identity: string | null;
  verb: string;
  input: Input;
  target: { id: string; kind: Kind; name: string; source: string; uid: string | null; version: string | null };
  command: string;
  risk: Risk;
  changes: Change[];
  reason: string | null;
  proofs: Proof[];
  inverse: Inverse | null;
  /** Several actions that were asked for together. */
  batch: string | null;
  /** Of the program that carries it out: whether it still runs. */
  process: { pid: number; host: string };
}

export interface Ending {
  id: string;
  at: number;
  outcome: Outcome;
  words: string;
  /** It was found so later, by a look at the system, after the program that did it had gone. */
  checked: boolean;
}

/** An intent and how it ended; null: that is not known (yet). */
export interface Deed {
  intent: Intent;
  ending: Ending | null;
}
