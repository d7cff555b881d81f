import type { KubeObject } from '../../model/entity.ts';
import { objectIdOf } from '../../model/object-id.ts';
import { printable } from '../../model/printable.ts';
import { isSecretName, MASK, maskText } from '../../model/secrets.ts';
import { TroubleError } from '../../model/trouble.ts';
import type { Catalogue, ObjectKind, ObjectTable } from '../catalogue.ts';
import type { Api } from './api.ts';
import { troubleOf } from './trouble.ts';
import { items, type Meta, text, time } from './wire.ts';

/** The form that kubectl asks for and prints, with the metadata of each object. */
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const MOST = 500;

interface Discovered {
  resources?: {
    name?: unknown;
    kind?: unknown;
    namespaced?: unknown;
    singularName?: unknown;
    shortNames?: unknown[];
    verbs?: unknown[];
  }[];
}

interface Table {
  metadata?: { continue?: unknown };
  columnDefinitions?: { name?: unknown; priority?: unknown }[];
  rows?: { cells?: unknown[]; object?: { metadata?: Meta } }[];
}

/** What one API server has of any kind, by its own discovery. */
export function catalogueOf(source: string, api: Api): Catalogue {
  const on = api.context.name;

  async function ask(path: string, what: string, signal: AbortSignal, accept?: string): Promise<unknown> {
    try {
      return await api.json({ path, ...(accept !== undefined && { accept }) }, signal);
    } catch (error) {
      throw new TroubleError(troubleOf(error, what, on), error);
    }
  }

  return {
    async kinds(signal) {
      const { groups } = (await ask('/apis', 'ask which kinds there are', signal)) as {
        groups?: { preferredVersion?: { groupVersion?: unknown } }[];
      };
      const versions = items(groups).flatMap(({ preferredVersion }) => text(preferredVersion?.groupVersion) ?? []);
      const found = await Promise.all(
        ['v1', ...versions].map(async version => {
          const path = version === 'v1' ? '/api/v1' : `/apis/${version}`;
          // An API behind another server can be away: the others are there all the same.
          const answer = await ask(path, 'ask which kinds there are', signal).catch(() => null);
          return kindsIn(version, answer as Discovered | null);
        }),
      );
      return found.flat();
    },
    async list(kind, namespace, signal, name) {
      const only = name === undefined ? '' : `&fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
      const path = `${rootOf(kind)}${within(kind, namespace)}/${encodeURIComponent(kind.resource)}?limit=${MOST}${only}`;
      const table = (await ask(path, `list ${kind.resource}`, signal, TABLE)) as Table;
      return tableOf(source, kind, table);
    },
  };
}

function kindsIn(groupVersion: string, answer: Discovered | null): ObjectKind[] {
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  return items(answer?.resources).flatMap(({ name, kind, namespaced, singularName, shortNames, verbs }) => {
    const resource = text(name);
    if (resource === null || resource.includes('/') || !listed(verbs).includes('list')) return [];
    const aliases = [singularName, ...listed(shortNames)].flatMap(each => text(each) ?? []);
    return [{ resource, group, version, type: text(kind) ?? resource, namespaced: namespaced === true, aliases }];
  });
}

function tableOf(source: string, kind: ObjectKind, { columnDefinitions, rows, metadata }: Table): ObjectTable {
  const all = items(columnDefinitions);
  const shown = all.flatMap(({ priority }, at) => (priority === 0 || priority === undefined ? [at] : []));
  const columns = shown.map(at => text(all[at]?.name) ?? '');
  return {
    columns,
    rows: items(rows).map(({ cells, object }) => ({
      cells: shown.map((at, place) => cellOf(listed(cells)[at], columns[place] ?? '')),
      object: objectOf(source, kind, object?.metadata ?? {}),
    })),
    more: text(metadata?.continue) !== null,
  };
}

/** A column of a custom definition can print anything. */
function cellOf(value: unknown, column: string): string {
  if (value === null || value === undefined) return '';
  const told = printable(maskText(String(value)), 200);
  return typeof value === 'string' && isSecretName(column) ? MASK : told;
}

function objectOf(source: string, kind: ObjectKind, metadata: Meta): KubeObject {
  const name = text(metadata.name) ?? '';
  const namespace = text(metadata.namespace);
  const path = `${rootOf(kind)}${within(kind, namespace)}/${encodeURIComponent(kind.resource)}/${encodeURIComponent(name)}`;
  return {
    id: objectIdOf(source, path),
    kind: 'object',
    name,
    source,
    namespace,
    type: kind.type,
    resource: kind.resource,
    group: kind.group,
    uid: text(metadata.uid),
    version: text(metadata.resourceVersion),
    createdAt: time(metadata.creationTimestamp),
    observedAt: Date.now(),
    health: 'unknown',
    reason: null,
    labels: {},
  };
}

function listed(value: unknown[] | undefined): unknown[] {
  return Array.isArray(value) ? value : [];
}

function rootOf({ group, version }: ObjectKind): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

function within({ namespaced }: ObjectKind, namespace: string | null): string {
  return namespaced && namespace !== null ? `/namespaces/${encodeURIComponent(namespace)}` : '';
}
