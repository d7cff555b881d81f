import type { Kind, Node, Nouns, Seen } from '../model/entity.ts';
import type { Happening } from '../model/event.ts';
import type { Masked, Revealed } from '../model/reveal.ts';
import type { Trouble } from '../model/trouble.ts';
import type { Catalogue } from './catalogue.ts';
import type { Client } from './client.ts';
import type { Credentials } from './credential.ts';
import type { ReadLogs } from './logs.ts';
import type { Spec } from './spec.ts';

export type SourceKind = 'kubernetes' | 'swarm' | 'postgres' | 'mariadb' | 'cephfs' | 'http' | 'host';

/**
 * Where a source stands. `live` is earned by an answer within the last seconds; `stale` means that its numbers are from
 * `observedAt`; `refused` that the other side answered and said no (401, 403, wrong password).
 */
export type Phase = 'unset' | 'connecting' | 'live' | 'stale' | 'refused' | 'off';

export interface SourceState {
  name: string;
  kind: SourceKind;
  phase: Phase;
  /** When this phase began. */
  since: number;
  /** The last proof of life. */
  observedAt: number | null;
  trouble: Trouble | null;
  /** What is at the other end, pinned by name: "prod · v1.35.4 · as ops". */
  target: string | null;
}

/** What is known of all objects of one kind at one source: which emptiness an empty list is. */
export type Coverage =
  | { state: 'asking' }
  /** `except`: what it lacks all the same, such as usage without a metrics API, or namespaces that may not be read. */
  | { state: 'complete'; except?: Trouble[] }
  | { state: 'forbidden'; trouble: Trouble }
  | { state: 'failed'; trouble: Trouble }
  /** The system does not have this (no metrics API, no CephFS mount). */
  | { state: 'absent'; trouble: Trouble };

/** A row as JSON has it. */
export type Row = Record<string, unknown>;

/** A complete list on its way: what it did not name when it ends is gone. */
export interface Listing<K extends Kind> {
  put(seen: Seen<K>[]): void;
  /** The list was complete: everything of its scope that was neither listed nor put since its start is removed. */
  end(): void;
}

/** Where a source tells what it sees. Calls are cheap and never throw; the fleet coalesces what it draws. */
export interface Sink {
  state(change: Partial<Pick<SourceState, 'phase' | 'trouble' | 'target'>> & { proof?: true }): void;
  coverage(kind: Kind, coverage: Coverage): void;
  put(seen: Seen[]): void;
  /** Changes single fields of a noun that is there, such as its usage; an unknown id is passed over. */
  patch<K extends Kind>(
    kind: K,
    id: string,
    fields: Partial<Omit<Nouns[K], 'id' | 'kind' | 'health' | 'reason'>>,
  ): void;
  remove(kind: Kind, ids: string[]): void;
  /**
   * Begins a complete list of one kind. `scope`, when given, says which nouns the list speaks for (one namespace);
   * without it, all nouns of that kind from this source.
   */
  list<K extends Kind>(kind: K, scope?: (noun: Nouns[K]) => boolean): Listing<K>;
  event(happening: Happening): void;
  /** For the log file: what an operator does not need on the screen. Never a secret. */
  log(line: string): void;
}

/** A system that is watched. It connects, reads, watches and reconnects by itself, for ever, and never throws. */
export interface Source {
  readonly name: string;
  readonly kind: SourceKind;
  /** Requests sent to the system since the start: what it costs to be watched. */
  readonly requests: number;
  start(sink: Sink): void;
  /** Ends every connection and child of this source. */
  stop(): Promise<void>;
  /** The object as the system has it, for reading; secrets masked. */
  raw?(kind: Kind, id: string, signal: AbortSignal): Promise<unknown>;
  /** One value that `raw` masked, asked for again; for the eyes only. Rejects when it cannot be had. */
  reveal?(kind: Kind, id: string, masked: Masked, signal: AbortSignal): Promise<Revealed>;
  /** For actions; null before the system was found. Absent where there is nothing to act upon. */
  client?(): Client | null;
  /** Speaks to what runs a node's containers, where that is another end. Rejects with an Unreached or a Refusal. */
  engine?(node: Node, signal: AbortSignal): Promise<Client>;
  /** Where the system's API keeps a noun, for `client`; null: it is not known here. */
  pathOf?(kind: Kind, id: string): string | null;
  /** What the system has of any kind, watched or not; null before it was found. */
  catalogue?(): Catalogue | null;
  /** Reads the log of a replica of this source. */
  logs?: ReadLogs;
  /**
   * Rows of one SELECT, read-only and within a few seconds, over a connection that is there anyway; null: it has no
   * database, and no server, of that name. Rejects with why it cannot be had. Texts are as the server has them.
   */
  select?(database: string, sql: string, signal: AbortSignal): Promise<Row[]> | null;
  /** How the workloads of these namespaces are meant to run; where there are none, all. Rejects with why not. */
  specs?(namespaces: readonly string[], signal: AbortSignal): Promise<Spec[]>;
  /** What the profile names of it and is not there, in words of a line. */
  missing?(): readonly string[];
  /** The address at which a registry of images is to be asked, by its name in images; null: nothing is said of it. */
  registry?(name: string): string | null;
  /** What lets somebody in there or runs out, in these namespaces: names and times alone. Rejects with why not. */
  credentials?(namespaces: readonly string[], signal: AbortSignal): Promise<Credentials>;
  /** When the usage that its nouns of a kind have was measured, milliseconds since 1970; null: that is not known. */
  measuredAt?(kind: Kind): number | null;
  /** What the screen shows now, so that a costly kind is read only while someone looks at it. */
  attend?(kinds: ReadonlySet<Kind>): void;
}
