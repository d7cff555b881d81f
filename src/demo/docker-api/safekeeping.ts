import type { SafeObject } from '../controller/swarm/objects.ts';
import type { Swarm } from '../controller/swarm/swarm.ts';
import { EngineError, outOfSequence, refused } from './engine-error.ts';
import { filtersOf, hasLabels, meets } from './filters.ts';
import { listOf } from './json.ts';
import { versionOf } from './version-of.ts';

type Kind = 'secret' | 'config';
const NAME = /^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/;

/** `/secrets` and `/configs`. What a secret says is never handed out. */
export function listKept(swarm: Swarm, kind: Kind, query: URLSearchParams): string {
  const filters = filtersOf(query, ['id', 'label', 'name', 'names']);
  const found = swarm.store[`${kind}s`].filter(
    ({ ID, Spec }) =>
      meets(filters.id, id => ID.startsWith(id)) &&
      meets(filters.name, part => Spec.Name.startsWith(part)) &&
      meets(filters.names, name => Spec.Name === name) &&
      hasLabels(Spec.Labels, filters.label),
  );
  return listOf(found.map(each => shown(kind, each)));
}

/** `/secrets/ID`, `/configs/ID`: by id, by name, or by the beginning of an id. */
export function inspectKept(swarm: Swarm, kind: Kind, wanted: string): object {
  return shown(kind, find(swarm, kind, wanted));
}

/** `POST /secrets/create`, `POST /configs/create` */
export function keep(swarm: Swarm, kind: Kind, body: () => object): object {
  const {
    Name = '',
    Labels = {},
    Data = '',
  } = body() as { Name?: string; Labels?: Record<string, string>; Data?: string };
  if (!NAME.test(Name) || Name.length > 64) {
    const why = 'only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]';
    throw refused(400, 'InvalidArgument', `invalid name, ${why}`);
  }
  const kept = swarm.store[`${kind}s`];
  if (kept.some(each => each.Spec.Name === Name)) {
    throw refused(409, 'AlreadyExists', `${kind} ${Name} already exists`);
  }
  const size = Buffer.from(Data, 'base64').length;
  const most = kind === 'secret' ? 500 * 1024 : 1000 * 1024;
  if (size === 0 || size > most) {
    throw refused(400, 'InvalidArgument', `${kind} data must be larger than 0 and less than ${most} bytes`);
  }
  const now = swarm.moment;
  const made = {
    ID: swarm.random.dockerId(),
    Version: { Index: swarm.store.nextIndex() },
    CreatedAt: now,
    UpdatedAt: now,
  };
  kept.push({ ...made, Spec: { Name, Labels, ...(kind === 'config' && { Data }) } });
  swarm.events.named(kind, 'create', made.ID, Name);
  return { ID: made.ID };
}

/** `POST /secrets/ID/update?version=N`: only labels change. */
export function relabel(swarm: Swarm, kind: Kind, wanted: string, query: URLSearchParams, body: () => object): void {
  const version = versionOf(query, kind);
  const { Name, Labels = {} } = body() as { Name?: string; Labels?: Record<string, string> };
  const before = find(swarm, kind, wanted);
  if (version !== before.Version.Index) throw outOfSequence();
  if (Name !== before.Spec.Name) {
    throw refused(400, 'InvalidArgument', 'only updates to Labels are allowed');
  }
  const kept = swarm.store[`${kind}s`];
  const Version = { Index: swarm.store.nextIndex() };
  kept[kept.indexOf(before)] = { ...before, Version, UpdatedAt: swarm.moment, Spec: { ...before.Spec, Labels } };
}

/** `DELETE /secrets/ID`: not while a service uses it. */
export function discard(swarm: Swarm, kind: Kind, wanted: string): void {
  const { ID, Spec } = find(swarm, kind, wanted);
  const field = kind === 'secret' ? ['Secrets', 'SecretID'] : ['Configs', 'ConfigID'];
  const users = swarm.store.list('service').filter(service => {
    const used = service.Spec.TaskTemplate.ContainerSpec[field[0] ?? ''] as Record<string, unknown>[] | undefined;
    return used?.some(each => each[field[1] ?? ''] === ID);
  });
  if (users.length) {
    const names = users.map(each => each.Spec.Name).join(', ');
    const services = users.length === 1 ? 'service' : 'services';
    throw refused(400, 'InvalidArgument', `${kind} '${Spec.Name}' is in use by the following ${services}: ${names}`);
  }
  const kept = swarm.store[`${kind}s`];
  kept.splice(
    kept.findIndex(each => each.ID === ID),
    1,
  );
  swarm.events.named(kind, 'remove', ID, Spec.Name);
}

function shown(kind: Kind, { Spec, ...rest }: SafeObject): SafeObject {
  const { Data, ...spec } = Spec;
  return { ...rest, Spec: kind === 'config' && Data !== undefined ? { ...spec, Data } : spec };
}

function find(swarm: Swarm, kind: Kind, wanted: string): SafeObject {
  const kept = swarm.store[`${kind}s`];
  const found =
    kept.find(({ ID, Spec }) => ID === wanted || Spec.Name === wanted) ?? kept.find(each => each.ID.startsWith(wanted));
  if (!found) throw new EngineError(404, `${kind} ${wanted} not found`);
  return found;
}
