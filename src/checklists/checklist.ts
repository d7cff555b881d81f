import type { Fleet } from '../fleet/fleet.ts';
import type { Figures, Finding } from '../model/checklist-run.ts';
import type { Input } from '../model/deed.ts';
import type { Kind, Noun } from '../model/entity.ts';
import type { TeamState } from '../model/team.ts';
import type { Answer } from '../sources/http/ask.ts';
import type { HttpCheck } from '../sources/http/options.ts';
import type { RunResult } from '../sources/runner.ts';
import type { Row } from '../sources/source.ts';
import type { Spec } from '../sources/spec.ts';
import type { Outlook } from '../trends/forecast.ts';
import type { Measure } from '../trends/metrics.ts';
import type { Settings } from './options.ts';

export const PERIODS = ['daily', 'weekly', 'monthly'] as const;
export type Period = (typeof PERIODS)[number];

/** How fast something grows, as far as its past is known. */
export interface Growth {
  perDay: number;
  /** Until it is full; null: never at this pace, or it has no limit. */
  daysToFull: number | null;
}

/** Specifications by the id of their workload, and which sources did not tell theirs. */
export interface Specs {
  by: ReadonlyMap<string, Spec>;
  failures: { source: string; why: string }[];
}

/** Workloads by the names that the profile has for them, and stacks. */
export interface Written {
  groups: Readonly<Record<string, readonly string[]>>;
  stacks: readonly string[];
}

/** All that a probe may ask. It changes nothing. */
export interface Means {
  fleet: Fleet;
  settings: Settings;
  /** What else the profile says of workloads. */
  written: Written;
  /** What this item counted in an earlier run, the newest first. */
  past: readonly { at: number; figures: Figures }[];
  /** How it stands with the store of the team; null: the profile names none, or it is not shared with. */
  team(): TeamState | null;
  /** How a number goes on, by its past; null: no past is kept. */
  ahead(noun: Noun, measure: Measure): Promise<Outlook | null>;
  /** The same of the first number of a noun that can run full; null: not known yet. */
  growth(noun: Noun): Promise<Growth | null>;
  /** How all workloads are meant to run, read once for all probes that ask at about the same time. Never rejects. */
  specs(): Promise<Specs>;
  /** Rows of one SELECT, read-only and bounded, over the connection that a source has. Rejects with why not. */
  sql(database: string, select: string, signal: AbortSignal): Promise<Row[]>;
  http(check: HttpCheck, signal: AbortSignal): Promise<Answer>;
  command(argv: string[], deadlineMs: number, signal: AbortSignal): Promise<RunResult>;
  signal: AbortSignal;
}

/** What a probe has seen. */
export interface Seen {
  /** What is not well, or could not be seen; the rest is well. */
  findings: Finding[];
  /** The numbers, in a few words each: "40 of 41 workloads at their count". */
  facts: string[];
  /** For the next run to compare with. */
  figures?: Figures;
}

export interface Probe {
  /** What it looks after, for when it gives no answer: "nodes". */
  name: string;
  /** What has to be listed in whole before anything can pass. */
  needs: readonly Kind[];
  /** Where nothing that is set up tells of those, there is nothing to look after. */
  optional?: true;
  look(means: Means): Seen | Promise<Seen>;
}

/** Something that can be done about a finding: a verb by its name. Offered, never done by itself. */
export interface Fix {
  verb: string;
  /** Of the noun that the finding is about. */
  kinds: readonly Kind[];
  /** What its fields are filled with, for the operator to change. */
  input?: Input;
  /** What it is done to instead, where that is another noun. */
  nouns?(means: Pick<Means, 'fleet' | 'settings'>): Noun[];
}

/** Where an operator looks: a pane, filtered. */
export interface Look {
  kind: Kind;
  filter: string;
}

export interface Item {
  id: string;
  title: string;
  probes: readonly Probe[];
  look: Look;
  fixes: readonly Fix[];
}

export interface Checklist {
  name: Period;
  title: string;
  items: readonly Item[];
}
