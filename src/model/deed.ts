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
 * `path`; with `gone`, that no object with this uid is there any more; with `past`, that an object of a swarm was
 * written since it was of this version.
 */
export type Proof =
  | { path: string; at: string[]; is: unknown }
  | { path: string; gone: string }
  | { path: string; past: number };

/** What an action is asked to do beside its target: from the dialog, or from `--set`. */
export type Input = Readonly<Record<string, string>>;

/** The verb and input that take a deed back. */
export interface Inverse {
  verb: string;
  input: Input;
}

/** What an action is done to, as it was known when it was asked for. */
export interface Target {
  id: string;
  kind: Kind;
  name: string;
  source: string;
  uid: string | null;
  version: string | null;
}

/** The program that carries something out: whether it still runs. */
export interface Doer {
  pid: number;
  host: string;
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
  target: Target;
  command: string;
  risk: Risk;
  changes: Change[];
  reason: string | null;
  proofs: Proof[];
  /** The engine of the target has them, not its swarm. */
  onEngine?: true;
  /** A command of this machine carries it out, which may go on without us. */
  byCommand?: true;
  inverse: Inverse | null;
  /** The several that it is one of. */
  batch: string | null;
  process: Doer;
}

/** Several targets of one verb, one after the other, as the journal keeps them before the first is begun. */
export interface Batch {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  operator: string;
  verb: string;
  input: Input;
  targets: Target[];
  /** The one whose rest this is. */
  resumes: string | null;
  process: Doer;
}

/** A batch before it is begun, and the word that no more of it is to come. */
export type BatchEntry = { id: string; at: number; batch: Batch } | { id: string; at: number; ended: string };

export interface Ending {
  id: string;
  at: number;
  outcome: Outcome;
  words: string;
  /** It was found so later, by a look at the system, when nobody watched it any more. */
  checked: boolean;
}

/** An intent and how it ended; null: that is not known (yet). */
export interface Deed {
  intent: Intent;
  ending: Ending | null;
}
