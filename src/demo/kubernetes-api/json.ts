import type { KubeObject } from '../controller/kubernetes/objects.ts';
import type { Change } from '../controller/kubernetes/store.ts';

const tails = new WeakMap<KubeObject, string>();
/** All who watch are told one change before the next: one line is enough. */
let newest: { change: Change; line: Buffer } | null = null;

/** An object's JSON, made once for each version of it. */
export function jsonOf(object: KubeObject): string {
  return `{"kind":${JSON.stringify(object.kind)},"apiVersion":"${object.apiVersion}",${tailOf(object)}`;
}

/** As it stands in a list: without kind and version, which the list has for all. */
export function itemOf(object: KubeObject): string {
  return `{${tailOf(object)}`;
}

/** A line of a watch, shared by all who watch everything. */
export function lineOf(change: Change): Buffer {
  if (newest?.change !== change) {
    newest = { change, line: Buffer.from(`{"type":"${change.type}","object":${jsonOf(change.object)}}\n`) };
  }
  return newest.line;
}

/** A version that was replaced: the history keeps it, but hardly anybody will ask for its JSON again. */
export function forgetJson(object: KubeObject): void {
  tails.delete(object);
}

function tailOf(object: KubeObject): string {
  let tail = tails.get(object);
  if (tail === undefined) {
    const { kind: _, apiVersion: __, ...rest } = object;
    tail = JSON.stringify(rest).slice(1);
    tails.set(object, tail);
  }
  return tail;
}
