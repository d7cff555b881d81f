import type { SwarmNode, SwarmService, Task } from './objects.ts';
import type { SwarmChange } from './store.ts';
import type { Swarm } from './swarm.ts';

export interface DockerEvent {
  Type: 'service' | 'node' | 'container' | 'network' | 'secret' | 'config';
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
  scope: 'swarm' | 'local';
  /** Seconds since 1970. */
  time: number;
  timeNano: number;
  /** Older names that container events still carry. */
  status?: string;
  id?: string;
  from?: string;
}

/** The engine remembers its newest events only. */
const KEPT = 256;

/**
 * What `/events` of the manager tells: services and nodes of the whole swarm, containers only of its own engine, and
 * never a word about tasks.
 */
export class EventLog {
  readonly #swarm: Swarm;
  readonly #events: DockerEvent[] = [];
  readonly #listeners = new Set<(event: DockerEvent) => void>();

  constructor(swarm: Swarm) {
    this.#swarm = swarm;
  }

  onEvent(listener: (event: DockerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From that moment (milliseconds since 1970) on. */
  since(ms: number): DockerEvent[] {
    return this.#events.filter(each => each.timeNano / 1e6 >= ms);
  }

  tell(change: SwarmChange): void {
    if (change.kind === 'service') this.#service(change as SwarmChange<'service'>);
    else if (change.kind === 'node') this.#node(change as SwarmChange<'node'>);
  }

  /** Of what has a name and nothing else to be told. */
  named(type: 'secret' | 'config', action: 'create' | 'remove', id: string, name: string): void {
    this.#add(this.#make(type, action, id, { name }));
  }

  container(action: string, task: Task, attributes: Record<string, string>): void {
    const { store } = this.#swarm;
    const node = task.NodeID ? store.get('node', task.NodeID) : null;
    const service = store.get('service', task.ServiceID);
    const id = task.Status.ContainerStatus?.ContainerID;
    if (!node?.ManagerStatus?.Leader || !service || !id) return;
    const name = containerName(service, task);
    const image = task.Spec.ContainerSpec.Image;
    const event = this.#make('container', action, id, {
      'com.docker.swarm.node.id': node.ID,
      'com.docker.swarm.service.id': service.ID,
      'com.docker.swarm.service.name': service.Spec.Name,
      'com.docker.swarm.task': '',
      'com.docker.swarm.task.id': task.ID,
      'com.docker.swarm.task.name': name,
      ...attributes,
      image,
      name,
    });
    this.#add({ status: action, id, from: image, ...event, scope: 'local' });
  }

  #service({ before, after }: SwarmChange<'service'>): void {
    const service = (after ?? before) as SwarmService;
    const attributes: Record<string, string> = { name: service.Spec.Name };
    if (before && after) {
      const [old, now] = [before.Spec.Mode.Replicated?.Replicas, after.Spec.Mode.Replicated?.Replicas];
      if (old !== now)
        Object.assign(attributes, { 'replicas.new': String(now ?? 1), 'replicas.old': String(old ?? 1) });
      const [was, is] = [before.UpdateStatus?.State, after.UpdateStatus?.State];
      if (is && was !== is)
        Object.assign(attributes, { 'updatestate.new': is, ...(was && { 'updatestate.old': was }) });
    }
    this.#add(this.#make('service', !before ? 'create' : after ? 'update' : 'remove', service.ID, attributes));
  }

  #node({ before, after }: SwarmChange<'node'>): void {
    const node = (after ?? before) as SwarmNode;
    const attributes: Record<string, string> = { name: node.Description.Hostname };
    if (before && after) {
      note(attributes, 'availability', before.Spec.Availability, after.Spec.Availability);
      note(attributes, 'role', before.Spec.Role, after.Spec.Role);
      note(attributes, 'state', before.Status.State, after.Status.State);
    }
    this.#add(this.#make('node', !before ? 'create' : after ? 'update' : 'remove', node.ID, attributes));
  }

  #make(Type: DockerEvent['Type'], Action: string, ID: string, Attributes: Record<string, string>): DockerEvent {
    const { now } = this.#swarm.timeline;
    return {
      Type,
      Action,
      Actor: { ID, Attributes },
      scope: 'swarm',
      time: Math.floor(now / 1000),
      timeNano: now * 1e6,
    };
  }

  #add(event: DockerEvent): void {
    this.#events.push(event);
    if (this.#events.length > KEPT) this.#events.shift();
    for (const listener of this.#listeners) listener(event);
  }
}

/** `saasodoo_traefik.1.hd580auaswznnxgdfbksger7e`, as the engine names a task's container. */
export function containerName(service: SwarmService, task: Task): string {
  return `${service.Spec.Name}.${task.Slot || task.NodeID}.${task.ID}`;
}

function note(attributes: Record<string, string>, what: string, old: string, now: string): void {
  if (old === now) return;
  attributes[`${what}.new`] = now;
  attributes[`${what}.old`] = old;
}
