import type { Happening } from '../../model/event.ts';
import { printable } from '../../model/printable.ts';
import type { List } from './agenda.ts';
import type { ApiEvent } from './api.ts';
import type { Query } from './engine.ts';
import { words } from './read.ts';
import { serviceId } from './service.ts';

/** What an event means: what to tell, if anything, which lists it makes worth asking, and whose tasks. */
export interface Meaning {
  happening: Happening | null;
  ask: List[];
  /** The engine's id of a service of which something moved. */
  moved: string | null;
}

const NOTHING: Meaning = { happening: null, ask: [], moved: null };

/**
 * Which events are sent at all. Filtered by the engine, so that the flood of exec_create, exec_start and exec_die of
 * health checks never travels. Tasks have no events (moby, daemon/cluster/noderunner).
 *
 * @param since in seconds with a fraction, by the engine's clock; what it says about that moment comes again
 */
export function eventQuery(since: string | null): Query {
  const filters = {
    type: ['service', 'node', 'network', 'container'],
    event: ['create', 'update', 'remove', 'destroy', 'die', 'oom', 'health_status'],
  };
  return { filters: JSON.stringify(filters), ...(since === null ? {} : { since }) };
}

/** When it happened, as `since` takes it. */
export function momentOf({ time, timeNano }: ApiEvent): string | null {
  if (typeof timeNano === 'number') return (timeNano / 1e9).toFixed(6);
  return typeof time === 'number' ? String(time) : null;
}

export function meaningOf(event: ApiEvent, source: string, now: number): Meaning {
  const happened = { source, at: atOf(event) ?? now };
  switch (event.Type) {
    case 'service':
      return serviceEvent(event, happened);
    case 'node':
      return nodeEvent(event, happened);
    case 'network':
      return { ...NOTHING, ask: ['networks'] };
    case 'container':
      return containerEvent(event, happened);
    default:
      return NOTHING;
  }
}

type Happened = Pick<Happening, 'source' | 'at'>;

function serviceEvent(event: ApiEvent, happened: Happened): Meaning {
  const attributes = event.Actor?.Attributes ?? {};
  const name = words(attributes.name) ?? words(event.Actor?.ID) ?? 'unknown';
  const about = serviceId(happened.source, name);
  const tell = (reason: string, message: string, severity: Happening['severity'] = 'info'): Meaning => ({
    happening: {
      ...happened,
      key: `${about}/${reason}/${message}`,
      severity,
      about,
      subject: `service/${name}`,
      reason,
      message,
    },
    ask: ['services', 'restless'],
    moved: words(event.Actor?.ID),
  });
  switch (event.Action) {
    case 'create':
      return tell('create', 'created');
    case 'remove':
      return tell('remove', 'removed');
    default: {
      const update = words(attributes['updatestate.new']);
      if (update) return tell('update', `update ${update.replaceAll('_', ' ')}`, UNWELL.test(update) ? 'warn' : 'info');
      const scaled = moved(attributes, 'replicas');
      return scaled ? tell('scale', `replicas ${scaled}`) : tell('update', 'specification changed');
    }
  }
}

const UNWELL = /^(paused|rollback_(started|paused|completed))$/;

/** Its state is told when the nodes are read, which is now: there the engine also gives the reason. */
function nodeEvent(event: ApiEvent, happened: Happened): Meaning {
  const attributes = event.Actor?.Attributes ?? {};
  const name = words(attributes.name) ?? words(event.Actor?.ID) ?? 'unknown';
  const changes = (['availability', 'role'] as const).flatMap(what => {
    const change = moved(attributes, what);
    return change ? [`${what} ${change}`] : [];
  });
  const message = event.Action === 'create' ? 'joined' : event.Action === 'remove' ? 'removed' : changes.join(', ');
  const about = `${happened.source}/node/${name}`;
  const reason = changes.length > 0 ? 'update' : (words(event.Action) ?? 'update');
  const happening: Happening | null =
    message === ''
      ? null
      : { ...happened, key: `${about}/${message}`, severity: 'info', about, subject: `node/${name}`, reason, message };
  return { ...NOTHING, happening, ask: ['nodes'] };
}

/** Containers of the engine that is asked; those of other nodes are never told. */
function containerEvent(event: ApiEvent, happened: Happened): Meaning {
  const attributes = event.Actor?.Attributes ?? {};
  const service = words(attributes['com.docker.swarm.service.name']);
  const own = words(attributes.name) ?? words(event.Actor?.ID?.slice(0, 12)) ?? 'unknown';
  const subject = service ? `service/${service}` : `container/${own}`;
  const about = service ? serviceId(happened.source, service) : null;
  // The name of a task ends in its id: another one each time, where one line with a count is wanted.
  const where = service ? own.split('.').slice(0, -1).join('.') : own;
  const moved = words(attributes['com.docker.swarm.service.id']);
  const asking: Omit<Meaning, 'happening'> = { ask: moved ? ['restless'] : service ? ['tasks'] : [], moved };
  const tell = (reason: string, message: string, severity: Happening['severity']): Meaning => ({
    happening: {
      ...happened,
      key: `${happened.source}/${subject}/${where}/${reason}`,
      severity,
      about,
      subject,
      reason,
      message,
    },
    ...asking,
  });
  const [action, detail] = (event.Action ?? '').split(': ');
  switch (action) {
    case 'oom':
      return tell('oom', `${where}: out of memory`, 'bad');
    case 'health_status':
      return tell(words(detail) ?? 'health', `${where} is ${words(detail)}`, detail === 'healthy' ? 'info' : 'warn');
    case 'die': {
      const code = words(attributes.exitCode) ?? '?';
      // A task's end is told from the tasks, in the words of its error, wherever it ran.
      if (service) return { happening: null, ...asking };
      return code === '0' ? NOTHING : tell('die', `${where} ended with exit code ${code}`, 'warn');
    }
    default:
      return NOTHING;
  }
}

/** "2 → 3" from the attributes `replicas.old` and `replicas.new`. */
function moved(attributes: Record<string, string>, what: string): string | null {
  const { [`${what}.old`]: before, [`${what}.new`]: after } = attributes;
  if (after === undefined) return null;
  return printable(before === undefined ? after : `${before} → ${after}`);
}

function atOf({ time, timeNano }: ApiEvent): number | null {
  if (typeof timeNano === 'number') return Math.floor(timeNano / 1e6);
  return typeof time === 'number' ? time * 1000 : null;
}
