import type { Fleet } from '../fleet/fleet.ts';
import { isDirectoryOf } from '../fleet/tenants.ts';
import type { Instance, Kind, Noun, Nouns, Workload } from '../model/entity.ts';

/** A way to walk from one noun to another. */
export interface Relation {
  label: string;
  noun: Noun;
}

/** Everything that hangs together with a noun, in the order in which an operator follows it. */
export function related(noun: Noun, fleet: Fleet): Relation[] {
  return [...relations(noun, fleet)].filter((relation): relation is Relation => relation.noun !== undefined);
}

type Maybe = { label: string; noun: Noun | undefined };

function* relations(noun: Noun, fleet: Fleet): Iterable<Maybe> {
  switch (noun.kind) {
    case 'node':
      yield* fleet.replicasOn(noun.id).map(replica => ({ label: 'runs', noun: replica }));
      break;
    case 'workload':
      yield { label: 'made by', noun: noun.owner ? fleet.get('workload', noun.owner) : undefined };
      yield* fleet
        .replicasOf(noun.id)
        .map(replica => ({ label: replica.system === 'swarm' ? 'task' : 'pod', noun: replica }));
      yield* ofWorkload(noun, fleet);
      break;
    case 'replica':
      yield { label: 'of', noun: noun.workload ? fleet.get('workload', noun.workload) : undefined };
      yield { label: 'on node', noun: noun.node ? fleet.get('node', noun.node) : undefined };
      break;
    case 'pool':
      yield* fleet.named('workload', noun.name).map(workload => ({ label: 'service', noun: workload }));
      yield* where(fleet, 'database', database => database.pool === noun.id, 'database');
      yield* where(fleet, 'instance', instance => instance.pool === noun.id, 'instance');
      break;
    case 'database':
      yield { label: 'in pool', noun: fleet.get('pool', noun.pool) };
      yield* where(fleet, 'instance', instance => isDatabaseOf(noun.name, instance), 'instance');
      break;
    case 'instance':
      yield* ofInstance(noun, fleet);
      break;
    case 'directory':
      yield* where(fleet, 'instance', instance => isDirectoryOf(noun.name, instance), 'instance');
      yield* where(fleet, 'storage', storage => storage.source === noun.source, 'in cluster');
      break;
    case 'storage':
      yield* where(fleet, 'directory', directory => directory.source === noun.source, 'directory');
      break;
    case 'route':
      yield { label: 'leads to', noun: noun.workload ? fleet.get('workload', noun.workload) : undefined };
      break;
    case 'backup':
      yield* where(fleet, 'instance', instance => instance.databaseName === noun.databaseName, 'of');
      break;
    case 'service':
      yield* where(
        fleet,
        'workload',
        workload => workload.source === noun.source && workload.name === noun.name,
        'workload',
      );
      break;
    default:
  }
}

function* ofWorkload(workload: Workload, fleet: Fleet): Iterable<Maybe> {
  yield* where(fleet, 'instance', instance => instance.serviceName === workload.name, 'instance');
  yield* fleet.named('pool', workload.name).map(pool => ({ label: 'pool', noun: pool }));
  yield* where(fleet, 'route', route => route.workload === workload.id, 'route');
  yield* where(fleet, 'check', check => check.name === workload.name, 'check');
}

function* ofInstance(instance: Instance, fleet: Fleet): Iterable<Maybe> {
  const workloads = instance.serviceName ? fleet.named('workload', instance.serviceName) : [];
  for (const workload of workloads) {
    yield { label: 'service', noun: workload };
    for (const replica of fleet.replicasOf(workload.id)) {
      yield { label: 'pod', noun: replica };
      yield { label: 'on node', noun: replica.node ? fleet.get('node', replica.node) : undefined };
    }
  }
  yield { label: 'in pool', noun: instance.pool ? fleet.get('pool', instance.pool) : undefined };
  yield* where(fleet, 'database', database => isDatabaseOf(database.name, instance), 'database');
  yield* where(fleet, 'directory', directory => isDirectoryOf(directory.name, instance), 'directory');
  for (const workload of workloads) yield* where(fleet, 'route', route => route.workload === workload.id, 'route');
  yield* where(fleet, 'backup', backup => backup.databaseName === instance.databaseName, 'backup');
}

/** A tenant's database bears its database name, with or without a prefix. */
export function isDatabaseOf(database: string, { databaseName }: Instance): boolean {
  return databaseName !== null && (database === databaseName || database.endsWith(`_${databaseName}`));
}

function* where<K extends Kind>(
  fleet: Fleet,
  kind: K,
  test: (noun: Nouns[K]) => boolean,
  label: string,
): Iterable<Maybe> {
  for (const noun of fleet.all(kind).values()) {
    if (test(noun)) yield { label, noun };
  }
}
