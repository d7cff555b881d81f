import type { Duplex } from 'node:stream';
import type { Fleet } from '../fleet/fleet.ts';
import type { Change, Input, Inverse, Proof, Risk } from '../model/deed.ts';
import type { Kind, Noun } from '../model/entity.ts';
import type { Client, Right, Write } from '../sources/client.ts';
import type { Command, CommandResult } from '../sources/run-command.ts';
import type { Execution, Remote } from '../sources/streams.ts';
import type { Console } from './console.ts';
import type { Foreseen } from './foreseen.ts';
import type { Groups } from './groups.ts';

/** One thing that an operator can do to a noun. */
export interface Verb {
  /** As the command line has it: `scale`. */
  name: string;
  /** As menus and dialogs have it: `Scale`. */
  title: string;
  /** A sentence for the help. */
  help: string;
  kinds: readonly Kind[];
  /** The parts of an object that it is about: whoever changes one of them does what it does, by whatever door. */
  parts?: readonly Part[];
  /** What it does is a session (see Plan): of one target at a time. */
  session?: true;
  /** One target at a time: each has to be looked at, and named, by itself. */
  single?: true;
  /** What has to be known beside its targets: of these kinds may be what stands in its way. */
  beside?: readonly Kind[];
  /** Why it does not apply to this noun; null when it does. */
  unfit(noun: Noun): string | null;
  /** What has to be said beside the target; none when left out. */
  fields?(noun: Noun): Field[];
  /** What a word of the command line names for this verb that is no noun: a stack; undefined: nothing. */
  named?(word: string, fleet: Fleet): Noun | undefined;
  /** Reads what it must and says what would be done. Throws an InputError, a Refusal, or an Unfit. Changes nothing. */
  plan(subject: Subject, input: Input): Promise<Draft> | Draft;
}

/** A plan whose proofs, where it names none, are what its writes make of their objects. */
export type Draft = Omit<Plan, 'proofs'> & Partial<Pick<Plan, 'proofs'>>;

/** A part of an object, as the system has it. */
export interface Part {
  /** The keys that lead there; `*` stands for each thing of a list. */
  at: readonly string[];
  /** Only a change to one of these; null: it is taken away. */
  to?: readonly unknown[];
  /** What a change means for what runs; safe when left out. */
  risk?(from: unknown, to: unknown): Risk;
}

/** Something that a verb has to be told: a field of its dialog, a `--set name=value` of the command line. */
export interface Field {
  name: string;
  label: string;
  /** What stands in the field when the dialog opens. */
  initial: string;
  help?: string;
  choices?: string[];
  optional?: true;
}

/** By the names of stacks: where their compose files and the variables for them are. */
export type Stacks = Readonly<Record<string, { compose: string; env?: string | undefined }>>;

/** What a verb is asked to act upon, as it stood when it was asked. */
export interface Subject {
  noun: Noun;
  /** Where the system's API keeps it. */
  path: string;
  /** It, exactly, as the system has it: with its secrets. */
  object: unknown;
  client: Client;
  fleet: Fleet;
  /** The files of stacks, as the profile names them. */
  stacks: Stacks;
  /** Workloads that belong together. */
  groups: Groups;
  /** Folder for texts that ways back need; null where none are kept. */
  texts: string | null;
  /** Milliseconds since 1970. */
  now: number;
  signal: AbortSignal;
}

export interface Plan {
  /** The command that an operator would have typed. */
  command: string;
  risk: Risk;
  /** What has to be typed for something destructive, where it is more than the target: the name of a stack. */
  phrase?: string;
  changes: Change[];
  /** What it touches, what to mind: a sentence each. */
  notes: string[];
  rights: Right[];
  edits: Edit[];
  /** What is done after the edits, step by step, such as the evictions of a drain. */
  follow?(steps: Steps): Promise<void>;
  /** Who speaks to the system for this one, where it is not the source's client: the engine of a node. */
  through?: Client;
  /** Instead of edits: what runs for as long as the operator stays. Throws as a write. */
  session?: Session;
  /** What the system holds once it has taken the edits. */
  proofs: Proof[];
  /** How far the system has come, asked again until it is there. */
  standing(signal: AbortSignal): Promise<Standing>;
  /** It counts as done when it has been so for this long; milliseconds, 0 when left out. */
  steadyMs?: number;
  inverse: Inverse | null;
  /** A text that the way back needs, kept before anything is written: for its owner alone, and without secrets. */
  keeps?: { file: string; text: string };
  /** A command of this machine carries it out, which may go on without us. */
  byCommand?: true;
  /** What it makes of objects, where no edit tells: so far as it is known before. */
  comesTo?: readonly Foreseen[];
}

/** One write, made from the object as it was seen, or as it is now when only what does not matter here has changed. */
export interface Edit {
  path: string;
  /** null: it is not there. */
  seen: unknown;
  /** Whether the plan still holds for the object as it is now; a sentence about what changed when it does not. */
  moved(fresh: unknown): string | null;
  /** The system takes neither identity nor version along with it: the object is looked at right before. */
  isBlind?: true;
  /** What the system holds once it has taken this one, where the proofs of the plan tell of more. */
  proofs?: Proof[];
  /** What it brings about does not stay: what follows sets it back. */
  passing?: true;
  write(object: unknown): Write;
}

/** A shell, a forwarded port: no write that is waited for, but a stream that is open until it ends or is ended. */
export interface Session {
  /** It needs no terminal and goes on while other things are done. */
  background: boolean;
  run(seat: Seat): Promise<{ words: string; exitCode: number | null }>;
}

/** What a session has, for as long as it runs. */
export interface Seat {
  /** As the client's, with the right to do it. */
  execute(execution: Execution): Promise<Remote>;
  connect(path: string, port: number): Promise<Duplex>;
  /** With a signal of its own, for what must be cleaned up after the session's has aborted. */
  send(write: Write, signal?: AbortSignal): Promise<unknown>;
  console: Console;
  tell(words: string): void;
  /** Aborts when it is to end. */
  signal: AbortSignal;
}

export interface Steps {
  send(write: Write): Promise<unknown>;
  /** Runs a command of this machine to its end, which tells what it says. Rejects when it cannot be started. */
  run(command: Command): Promise<CommandResult>;
  tell(words: string): void;
  /** Aborts when no further step may begin. */
  signal: AbortSignal;
}

export type Standing = { state: 'done' | 'under way' | 'failed'; words: string };

/** What was said to a verb cannot be: told at the field. */
export class InputError extends Error {
  override name = 'InputError';
  readonly field: string;

  constructor(field: string, sentence: string) {
    super(sentence);
    this.field = field;
  }
}

/** The verb does not apply to what the object is now. */
export class Unfit extends Error {
  override name = 'Unfit';
}

/** It is so already: of several targets, none that holds up the others. */
export class NothingToDo extends Unfit {
  override name = 'NothingToDo';
}
