import type { Health } from './entity.ts';

/** `cannot-tell`: something that had to be seen was not. */
export type CheckVerdict = 'pass' | 'warn' | 'fail' | 'cannot-tell';

/** One thing that a checklist found not to be well, or could not see. */
export interface Finding {
  /** How a human names it: `odoo-acme-3f9a12c4`. */
  target: string;
  /** Id of the noun that it is about; null: there is none. */
  about: string | null;
  health: Health;
  reason: string;
  /** Lines that prove it, such as samples of a log. */
  evidence: string[];
}

/** Numbers by name that the next run compares itself with: restarts of each workload, shapes of messages. */
export type Figures = Readonly<Record<string, number>>;

/** What an item says after its probes have run. */
export interface ItemResult {
  verdict: CheckVerdict;
  /** One line: what is worst, and the numbers. */
  reason: string;
  /** The numbers alone. */
  facts: string;
  findings: Finding[];
  figures: Figures;
}

interface Entry {
  /** Of the run; all its entries bear it. */
  id: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Who works on a run, and the program with which they do. */
export interface Worker {
  operator: string;
  sshClient: string | null;
  process: { pid: number; host: string };
}

export interface RunBegun extends Entry, Worker {
  step: 'begin';
  checklist: string;
  demo: boolean;
  /** Nobody answers: each item counts as its probes say. */
  auto: boolean;
  items: { id: string; title: string }[];
}

/** Somebody goes on with a run that was left, or whose program had gone. */
export interface RunResumed extends Entry, Worker {
  step: 'resume';
}

export interface ItemSeen extends Entry, ItemResult {
  step: 'item';
  item: string;
}

export type Decision = 'confirmed' | 'overridden' | 'skipped' | 'fixed';

/** What the operator said about an item. */
export interface ItemDecided extends Entry {
  step: 'decision';
  item: string;
  decision: Decision;
  operator: string;
  /** Why it is overridden or skipped; what was done to fix it. */
  note: string | null;
}

/** Left: it can be gone on with. */
export interface RunLeft extends Entry {
  step: 'leave';
}

export interface RunEnded extends Entry {
  step: 'end';
  verdict: CheckVerdict;
}

/** A run of a checklist as the journal keeps it, entry by entry. Bounded, and never a secret. */
export type RunEntry = RunBegun | RunResumed | ItemSeen | ItemDecided | RunLeft | RunEnded;
