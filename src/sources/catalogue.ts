import type { KubeObject } from '../model/entity.ts';

/** A kind of object that a system has, watched or not. */
export interface ObjectKind {
  /** As commands have it: `secrets`. */
  resource: string;
  /** Empty for the core's. */
  group: string;
  version: string;
  /** `Secret` */
  type: string;
  namespaced: boolean;
  /** The other names that it goes by: `cm`, `configmap`. */
  aliases: string[];
}

/** The objects of one kind, as the system itself prints them. All texts are printable; what may be secret is masked. */
export interface ObjectTable {
  columns: string[];
  rows: { cells: string[]; object: KubeObject }[];
  /** There are more than were asked for. */
  more: boolean;
}

/** Reads objects that are not watched, of any kind. Each call rejects with a TroubleError. */
export interface Catalogue {
  kinds(signal: AbortSignal): Promise<ObjectKind[]>;
  /**
   * @param namespace null: all of them
   * @param name the only one that is wanted
   */
  list(kind: ObjectKind, namespace: string | null, signal: AbortSignal, name?: string): Promise<ObjectTable>;
}
