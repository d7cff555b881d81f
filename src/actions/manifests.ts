import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { printable } from '../model/printable.ts';
import type { Client } from '../sources/client.ts';
import { runLocal } from '../sources/run-local.ts';
import { at } from './prove.ts';

/** An object as a file has it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** Where the API keeps the objects of a kind. */
export interface ApiPlace {
  group: string;
  plural: string;
  namespace: string | null;
  path: string;
}

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const DEADLINE_MS = 30_000;
/** What others need stands first, whatever the order of the files. */
const FIRST = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount'];

/**
 * The objects of a file, of a folder's own files (.yaml, .yml, .json), or of a kustomization. Throws an Error whose
 * message names the file.
 */
export async function readManifests(given: string): Promise<{ manifests: Manifest[]; isKustomized: boolean }> {
  const path = given.startsWith('~/') ? join(homedir(), given.slice(2)) : resolve(given);
  const names = (await stat(path)).isDirectory() ? await readdir(path) : null;
  const isKustomized = names?.some(name => KUSTOMIZATIONS.includes(name)) ?? false;
  const files = names?.filter(name => /\.(ya?ml|json)$/.test(name)).map(name => join(path, name)) ?? [path];
  const texts = isKustomized
    ? [{ from: path, text: await kustomized(path) }]
    : await Promise.all(files.sort().map(async from => ({ from, text: await readFile(from, 'utf8') })));
  const manifests = texts.flatMap(({ from, text }) => objectsIn(text, printable(from)));
  if (manifests.length === 0) throw new Error(`${printable(given)} holds no objects`);
  const rank = ({ kind }: Manifest) => (FIRST.indexOf(kind) + FIRST.length + 1) % (FIRST.length + 1);
  return { manifests: manifests.toSorted((a, b) => rank(a) - rank(b)), isKustomized };
}

async function kustomized(folder: string): Promise<string> {
  const { code, stdout, stderr } = await runLocal(['kubectl', 'kustomize', folder], { deadlineMs: DEADLINE_MS }).catch(
    error => {
      throw new Error(`a kustomization needs kubectl, which is not here: ${printable(String(error))}`);
    },
  );
  if (code !== 0) throw new Error(`kubectl kustomize: ${printable(stderr.trim(), 200)}`);
  return stdout;
}

function objectsIn(text: string, from: string): Manifest[] {
  return parseAllDocuments(text).flatMap(document => {
    const [error] = document.errors;
    // The words of the error alone: what stands beside it in the file may be a secret.
    if (error) throw new Error(`${from}: line ${error.linePos?.[0].line ?? '?'} is no YAML (${error.code})`);
    const object: unknown = document.toJS();
    if (object === null) return [];
    const items = at(object, ['items']);
    return (Array.isArray(items) && /List$/.test(String(at(object, ['kind']))) ? items : [object]).map(each =>
      manifestOf(each, from),
    );
  });
}

function manifestOf(object: unknown, from: string): Manifest {
  for (const keys of [['apiVersion'], ['kind'], ['metadata', 'name']]) {
    if (typeof at(object, keys) !== 'string') throw new Error(`${from}: an object has no ${keys.join('.')}`);
  }
  return object as Manifest;
}

/** Asks the server where it keeps these kinds. `namespace`: for what says none of its own. */
export function placesOf(
  client: Client,
  namespace: string,
  signal: AbortSignal,
): (manifest: Manifest) => Promise<ApiPlace> {
  const lists = new Map<string, Promise<unknown>>();
  return async ({ apiVersion, kind, metadata }) => {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const list = lists.get(root) ?? client.get(root, signal);
    lists.set(root, list);
    const resources = (at(await list, ['resources']) ?? []) as { name: string; kind: string; namespaced: boolean }[];
    const found = resources.find(resource => resource.kind === kind && !resource.name.includes('/'));
    if (!found) throw new Error(`the server knows no ${printable(kind)} in ${printable(apiVersion)}`);
    const within = found.namespaced ? (metadata.namespace ?? namespace) : null;
    const folder = within === null ? '' : `/namespaces/${encodeURIComponent(within)}`;
    return {
      group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '',
      plural: found.name,
      namespace: within,
      path: `${root}${folder}/${found.name}/${encodeURIComponent(metadata.name)}`,
    };
  };
}
