import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import type { Cluster } from '../controller/kubernetes/cluster.ts';
import { iso } from '../controller/kubernetes/moments.ts';
import type { KubeObject, ManagedFields } from '../controller/kubernetes/objects.ts';
import { apiVersionOf } from '../controller/kubernetes/resources.ts';
import { create } from './creates.ts';
import { fieldsIn, isOf, type Path, pathsOf, removeAt, taken, valueAt, written } from './managed-fields.ts';
import { patched } from './patches.ts';
import { ApiError, badRequest, conflict, invalid } from './status.ts';
import { type Named, save, type Write } from './writes.ts';

/**
 * Server-side apply: the fields that the manager names become as it says, those that it named before and does not name
 * any more go, and what another manager has set otherwise is a conflict unless it is forced. Throws an ApiError.
 */
export function apply(
  cluster: Cluster,
  address: Named,
  body: string,
  { manager, force, dryRun }: Write & { force: boolean },
): { code: 200 | 201; object: KubeObject } {
  if (!manager) {
    throw invalid('PatchOptions', 'meta.k8s.io', '', 'fieldManager', 'Required value: is required for apply patch');
  }
  const { info, namespace, name } = address;
  const config = configOf(body, name);
  const writer = { manager, operation: 'Apply' as const, time: iso(cluster.timeline.now) };
  const wanted = fieldsIn(config);
  const live = cluster.store.get(info.plural, namespace ?? undefined, name) as KubeObject | null;
  if (!live) {
    // An object that is meant by its identity is not made anew.
    if (config.metadata.uid) throw notFoundAs(info, name, config.metadata.uid);
    const managedFields = taken([], apiVersionOf(info), wanted, writer);
    const metadata = { ...config.metadata, name, managedFields };
    return { code: 201, object: create(cluster, address, { ...config, metadata }, { dryRun, manager: null }) };
  }
  const { uid, resourceVersion } = config.metadata;
  if ((uid ?? live.metadata.uid) !== live.metadata.uid) throw conflict(info, name);
  if ((resourceVersion ?? live.metadata.resourceVersion) !== live.metadata.resourceVersion) throw conflict(info, name);

  const entries = live.metadata.managedFields ?? [];
  const others = entries.filter(each => !isOf(each, writer));
  const disputed = others.flatMap(entry => disputedWith(entry, wanted, live, config));
  if (disputed.length && !force) throw refused(disputed);

  const mine = entries.find(each => isOf(each, writer));
  const theirs = others.reduce((all, each) => all.union(pathsOf(each)), new Set<Path>());
  const next = patched(live, 'application/strategic-merge-patch+json', config) as KubeObject;
  const kept = wanted.union(theirs);
  for (const path of mine ? pathsOf(mine).difference(kept) : []) removeAt(next, path, kept);

  // What both say alike belongs to both.
  const lost = new Set(disputed.map(each => each.path));
  const released = taken(others, apiVersionOf(info), lost, writer).filter(each => !isOf(each, writer));
  const managedFields = [...released, ...taken([], apiVersionOf(info), wanted, writer)];
  return { code: 200, object: save(cluster, address, live, next, { dryRun, manager: null, managedFields }) };
}

function notFoundAs({ plural, group }: Named['info'], name: string, uid: string): ApiError {
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${plural}${group && `.${group}`} "${name}": ${why}`,
    details: { name, ...(group && { group }), kind: plural },
  });
}

interface Disputed {
  entry: ManagedFields;
  path: Path;
}

function disputedWith(entry: ManagedFields, wanted: Set<Path>, live: KubeObject, config: KubeObject): Disputed[] {
  return [...pathsOf(entry).intersection(wanted)]
    .filter(path => !isDeepStrictEqual(valueAt(live, path), valueAt(config, path)))
    .map(path => ({ entry, path }));
}

function refused(disputed: Disputed[]): ApiError {
  const owner = ({ manager, subresource, apiVersion }: ManagedFields) =>
    `"${manager}"${subresource ? ` with subresource "${subresource}"` : ''} using ${apiVersion}`;
  const [first] = disputed;
  const text =
    disputed.length === 1 && first
      ? `conflict: conflict with ${owner(first.entry)}: ${written(first.path)}`
      : `conflicts: ${[...Map.groupBy(disputed, each => owner(each.entry))]
          .map(([who, fields]) => `conflicts with ${who}:\n${fields.map(each => `- ${written(each.path)}`).join('\n')}`)
          .join('\n')}`;
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message: `Apply failed with ${disputed.length} ${text}`,
    details: {
      causes: disputed.map(({ entry, path }) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${owner(entry)}`,
        field: written(path),
      })),
    },
  });
}

function configOf(body: string, name: string): KubeObject {
  let config: KubeObject | null;
  try {
    config = parse(body) as KubeObject | null;
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
  if (typeof config !== 'object' || !config?.metadata) throw badRequest('error decoding YAML: it is no object');
  if (config.metadata.managedFields) throw badRequest('metadata.managedFields must be nil');
  const named = config.metadata.name;
  if (named && named !== name) {
    throw badRequest(`the name of the object (${named}) does not match the name on the URL (${name})`);
  }
  return config;
}
