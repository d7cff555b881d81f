import type { Storage } from '../controller/storage.ts';
import type { Daemons } from './daemons.ts';
import type { Tree } from './tree.ts';

/** What the cluster's answers are made from. */
export interface View {
  storage: Storage;
  daemons: Daemons;
  tree: Tree;
  seed: number;
  /** Nothing moves. */
  still: boolean;
  startedAt: number;
  /** Milliseconds since 1970. */
  now: number;
}

export const VERSION = 'ceph version 16.2.15 (618f440892089921c3e944a991122ddc44e60516) pacific (stable)';
export const DAY_SECONDS = 86_400;
/** Copies of each object. */
export const REPLICAS = 2;
/** Placement groups of the three pools. */
export const GROUPS = 113;

const OBJECT_BYTES = 2 ** 22;

export interface PoolView {
  id: number;
  name: string;
  /** Without the copies. */
  stored: number;
  objects: number;
}

/** Metadata, data, and the manager's own. */
export function poolsOf({ storage, tree }: View): [PoolView, PoolView, PoolView] {
  const { bytes, files, directories } = tree.at(storage.mount) ?? { bytes: 0, files: 0, directories: 0 };
  const name = storage.fileSystem;
  const inodes = files + directories;
  return [
    { id: 1, name: `${name}_metadata`, stored: inodes * 2_100, objects: Math.ceil(inodes / 300) },
    { id: 2, name: `${name}_data`, stored: bytes, objects: files + Math.ceil(bytes / OBJECT_BYTES) },
    { id: 3, name: 'device_health_metrics', stored: 0, objects: 0 },
  ];
}

/** Bytes of the whole cluster, copies included. */
export function capacityOf({ storage }: View) {
  const used = Math.round(storage.usedBytes);
  return { used, available: storage.totalBytes - used };
}

/** What a pool can still take until the fullest OSD is full, in bytes without the copies. */
export function roomOf({ storage }: View): number {
  return Math.max(0, Math.round(((0.95 - Math.max(...storage.osds)) * storage.totalBytes) / REPLICAS));
}

/** What lacks a copy. */
export function degradedOf(view: View) {
  const { daemons, storage } = view;
  const share = daemons.osdsDown.size / storage.osds.length;
  const of = REPLICAS * poolsOf(view).reduce((sum, { objects }) => sum + objects, 0);
  return {
    of,
    objects: Math.round(of * share),
    placementGroups: Math.min(GROUPS, Math.round(GROUPS * REPLICAS * share)),
  };
}

/** `2026-11-23T09:39:44.246000+0000` */
export function stamp(at: number): string {
  return new Date(at).toISOString().replace(/Z$/, '000+0000');
}
