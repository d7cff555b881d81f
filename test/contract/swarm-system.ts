import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { vi } from 'vitest';
import { at } from '../../src/actions/prove.ts';
import type { Node, Workload } from '../../src/model/entity.ts';
import type { Target } from './actions.ts';
import type { EngineApi } from './engine-api.ts';
import { APP, service } from './swarm-specs.ts';

const SOON = { timeout: 40_000, interval: 100 };
const SECOND = 1e9;
const STACK = 'com.docker.stack.namespace';
/** It does not end when it is told to, but when it is killed for that. */
const STUBBORN = { Command: ['sh', '-c', "trap '' TERM; while :; do sleep 1; done"], StopGracePeriod: 6 * SECOND };

/** What happens to nodes apart from the API. Each resolves when it took effect. */
export interface Nodes {
  /** A node leaves the swarm, which forgets it; it comes back with an identity of its own. */
  leave(name: string): Promise<void>;
  join(name: string): Promise<void>;
  /** A promoted node takes part in what the managers decide: to demote it before that can leave them without a quorum. */
  manages(name: string): Promise<void>;
  partition(name: string): Promise<void>;
  heal(name: string): Promise<void>;
  /** They have this image from now on, which ends at once, or runs. */
  provide(image: string, how: 'broken' | 'mended'): Promise<void>;
  /** A container on the engine that is asked, which has ended; and the way to remove it. */
  ended(name: string): Promise<() => Promise<void>>;
}

type Role = 'worker' | 'manager';

interface ApiObject {
  ID: string;
  Version: { Index: number };
  Spec: Record<string, unknown>;
}

/** A swarm, and what is made in it for tests. */
export class SwarmSystem {
  readonly engine: EngineApi;
  readonly nodes: Nodes;
  readonly folder: string;
  /** The worker that things are done to, and the manager that is asked. */
  readonly worker: string;
  readonly manager: string;

  static async open(engine: EngineApi, nodes: Nodes): Promise<SwarmSystem> {
    const all = await engine.get<ApiObject[]>('/nodes');
    const [manager = '', ...others] = all
      .toSorted((one, other) => Number(isLeader(other)) - Number(isLeader(one)))
      .map(node => String(at(node, ['Description', 'Hostname'])));
    const worker = others.sort().at(-1) ?? '';
    return new SwarmSystem(engine, nodes, await mkdtemp(join(tmpdir(), 'quarterdeck-actions-')), { worker, manager });
  }

  private constructor(engine: EngineApi, nodes: Nodes, folder: string, names: { worker: string; manager: string }) {
    this.engine = engine;
    this.nodes = nodes;
    this.folder = folder;
    this.worker = names.worker;
    this.manager = names.manager;
  }

  /**
   * @param runs it is waited for: of 120 services that were scaled to none within 1.5 s of their making, four kept a task
   * that the real Swarm (20.10) went on wanting to run; of 120 that ran by then, none
   */
  async service(
    name: string,
    { image = APP, stubborn = false, runs = false, on = '', FailureAction = 'continue' } = {},
  ): Promise<Target> {
    const placement = on === '' ? undefined : { Constraints: [`node.hostname == ${on}`] };
    const spec = service(
      name,
      { Image: image, ...(stubborn && STUBBORN) },
      {
        update: { FailureAction, ...(FailureAction === 'pause' && { Monitor: 6 * SECOND }) },
        ...(placement && { placement }),
      },
    );
    const ID = await this.#create(spec);
    if (runs || stubborn) await this.#running(ID);
    return this.#target(name, ID);
  }

  /** One that has another specification to go back to, which ran this image. */
  async updated(name: string, image = APP): Promise<Target> {
    const target = await this.service(name, { image });
    const now = service(name, { Image: APP }, { update: { FailureAction: 'continue' }, labels: { release: '2' } });
    await this.#update(target.uid, () => now as Record<string, unknown>);
    // Each change of a service takes away what it would be rolled back to.
    return { ...target, touch: async () => {}, change: () => this.#update(target.uid, spec => spec) };
  }

  /** One whose update to an image that is broken was paused. */
  async paused(name: string): Promise<Target> {
    await this.nodes.provide(lateImage(name), 'broken');
    const target = await this.service(name, { FailureAction: 'pause' });
    await this.#running(target.uid);
    await this.#update(target.uid, spec => {
      const template = spec.TaskTemplate as { ContainerSpec: object };
      return {
        ...spec,
        TaskTemplate: { ...template, ContainerSpec: { ...template.ContainerSpec, Image: lateImage(name) } },
      };
    });
    await vi.waitFor(async () => {
      const state = at(await target.read(), ['UpdateStatus', 'State']);
      if (state !== 'paused') throw new Error(`the update of ${name} is ${state}`);
    }, SOON);
    return { ...target, until: noun => (noun as Workload).rollout?.state === 'paused' };
  }

  /** The only task of a service: what is read and changed is the service. */
  async task(name: string, { stubborn = false } = {}): Promise<Target> {
    const target = await this.service(name, { stubborn });
    const [task] = await vi.waitFor(async () => {
      const tasks = await this.#tasksOf(target.uid);
      if (tasks.length === 0) throw new Error(`${name} has no task yet`);
      return tasks;
    }, SOON);
    return { ...target, kind: 'replica', uid: String(at(task, ['ID'])) };
  }

  /** A stack of a service and a network. */
  async stack(name: string, { stubborn = false } = {}): Promise<Target> {
    const labels = { [STACK]: name };
    const said = await this.engine.ask('POST', '/networks/create', {
      Name: `${name}_net`,
      Driver: 'overlay',
      Labels: labels,
    });
    const network = String(at(said.body, ['Id']));
    const spec = (of: string) => ({
      ...service(of, stubborn ? STUBBORN : {}, { labels: { ...labels, 'com.docker.stack.image': APP } }),
    });
    const ID = await this.#create(spec(`${name}_app`));
    if (stubborn) await this.#running(ID);
    const target = this.#target(`${name}_app`, ID);
    const remove = async () => {
      await target.remove();
      await this.#forget(`/services/${name}_more`);
      await this.#forget(`/networks/${network}`);
    };
    return {
      ...target,
      change: async () => void (await this.#create(spec(`${name}_more`))),
      remove,
      clean: remove,
    };
  }

  /** A container that has ended, on the engine that is asked. */
  async waste(name: string): Promise<Target> {
    const prune = async () => void (await this.engine.ask('POST', '/containers/prune'));
    await prune();
    const ways = [await this.nodes.ended(name)];
    const node = await this.#named(this.manager);
    return {
      ...this.#ofNode(this.manager, node?.ID ?? ''),
      name,
      mark: '/containers/',
      touch: async () => {},
      change: async () => void ways.push(await this.nodes.ended(`${name}-more`)),
      remove: prune,
      clean: async () => {
        for (const remove of ways) await remove();
        await prune();
      },
    };
  }

  /** How many containers have ended that are of this name. */
  async wasteOf(name: string): Promise<number> {
    const filters = encodeURIComponent(JSON.stringify({ status: ['created', 'exited', 'dead'] }));
    const ended = await this.engine.get<{ Names: string[] }[]>(`/containers/json?all=1&filters=${filters}`);
    return ended.filter(({ Names }) => Names.some(each => each.startsWith(`/${name}.`))).length;
  }

  /** The worker as one that nothing was done to, or as another manager, or with a task that does not end. */
  async node({ role = 'worker', busy = '' }: { role?: Role; busy?: string } = {}): Promise<Target> {
    const ID = await this.#restored(role);
    const target: Target = {
      ...this.#ofNode(this.worker, ID),
      until: noun => {
        const { availability, roles, ready } = noun as Node;
        return ready === true && availability === 'active' && roles.includes('manager') === (role === 'manager');
      },
    };
    if (busy === '') return { ...target, settled: () => this.#settled(ID) };
    const task = await this.service(busy, { stubborn: true, on: this.worker });
    return { ...target, clean: task.clean };
  }

  /** The target's specification as a text that says this of it. */
  async text(target: Target, change: object): Promise<string> {
    const { Spec } = (await target.read()) as ApiObject;
    const file = join(this.folder, `${target.name}.json`);
    await writeFile(file, JSON.stringify({ ...Spec, ...change }));
    return file;
  }

  async close(): Promise<void> {
    await this.#restored('worker');
    await rm(this.folder, { recursive: true });
  }

  #target(name: string, ID: string): Target {
    const path = `/services/${ID}`;
    const remove = () => this.#forget(path);
    return {
      kind: 'workload',
      name,
      uid: ID,
      mark: ID,
      read: () => this.#find(path),
      touch: () => this.#update(ID, spec => spec),
      change: () => this.#update(ID, spec => ({ ...spec, Labels: { ...(spec.Labels as object), somebody: 'else' } })),
      remove,
      clean: remove,
    };
  }

  #ofNode(name: string, ID: string): Target {
    return {
      kind: 'node',
      name,
      uid: ID,
      mark: ID,
      read: () => this.#find(`/nodes/${ID}`),
      touch: () => this.#updateNode(ID, spec => spec),
      change: () => this.#updateNode(ID, spec => ({ ...spec, Labels: { somebody: 'else' } })),
      remove: () => this.nodes.leave(name),
      // Whoever needs it next brings it back: a change of role takes its time.
      clean: async () => {},
    };
  }

  /** The worker is there, ready, takes tasks, and has this role. Resolves with its identity. */
  async #restored(role: Role): Promise<string> {
    const name = this.worker;
    await this.nodes.heal(name);
    const found = await this.#named(name);
    if (!found) await this.nodes.join(name);
    const node = await vi.waitFor(async () => {
      const there = await this.#named(name);
      if (!there || at(there, ['Status', 'State']) !== 'ready') throw new Error(`${name} is not ready`);
      return there;
    }, SOON);
    const wanted = { Role: role, Availability: 'active', Labels: {} };
    if (!isDeepStrictEqual({ ...node.Spec, Name: undefined }, { ...wanted, Name: undefined })) {
      await this.#updateNode(node.ID, () => wanted);
    }
    await this.#hasRole(node.ID, role);
    return node.ID;
  }

  async #hasRole(ID: string, role: Role): Promise<void> {
    await vi.waitFor(async () => {
      const reachability = at(await this.#find(`/nodes/${ID}`), ['ManagerStatus', 'Reachability']);
      if (reachability !== (role === 'manager' ? 'reachable' : null)) throw new Error(`${ID} is no ${role} yet`);
    }, SOON);
    if (role === 'manager') await this.nodes.manages(this.worker);
  }

  async #settled(ID: string): Promise<void> {
    const node = await this.#find(`/nodes/${ID}`);
    if (at(node, ['Spec', 'Role']) === 'manager') await this.nodes.manages(this.worker);
  }

  async #named(name: string): Promise<ApiObject | undefined> {
    const all = await this.engine.get<ApiObject[]>('/nodes');
    return all.find(node => at(node, ['Description', 'Hostname']) === name);
  }

  async #tasksOf(ID: string): Promise<unknown[]> {
    const filters = encodeURIComponent(JSON.stringify({ service: [ID], 'desired-state': ['running'] }));
    return this.engine.get<unknown[]>(`/tasks?filters=${filters}`);
  }

  async #running(ID: string): Promise<void> {
    await vi.waitFor(async () => {
      const states = (await this.#tasksOf(ID)).map(task => at(task, ['Status', 'State']));
      if (!states.includes('running')) throw new Error(`no task of ${ID} runs: ${states}`);
    }, SOON);
  }

  async #create(spec: object): Promise<string> {
    const { status, body } = await this.engine.ask('POST', '/services/create', spec);
    if (status !== 201) throw new Error(`a service was not made: ${JSON.stringify(body)}`);
    return String(at(body, ['ID']));
  }

  #update(ID: string, change: (spec: ApiObject['Spec']) => object): Promise<void> {
    return this.#change(`/services/${ID}`, change);
  }

  #updateNode(ID: string, change: (spec: ApiObject['Spec']) => object): Promise<void> {
    return this.#change(`/nodes/${ID}`, change);
  }

  /** Until nobody else was quicker. */
  async #change(path: string, change: (spec: ApiObject['Spec']) => object): Promise<void> {
    await vi.waitFor(async () => {
      const { Version, Spec } = await this.engine.get<ApiObject>(path);
      const { status, body } = await this.engine.ask('POST', `${path}/update?version=${Version.Index}`, change(Spec));
      if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    }, SOON);
  }

  async #find(path: string): Promise<unknown> {
    const { status, body } = await this.engine.ask('GET', path);
    if (status === 404) return null;
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  }

  async #forget(path: string): Promise<void> {
    await vi.waitFor(async () => {
      const { status, body } = await this.engine.ask('DELETE', path);
      if (status !== 404 && status >= 300) throw new Error(`${path}: ${JSON.stringify(body)}`);
      if (status !== 404 && (await this.#find(path)) !== null) throw new Error(`${path} is still there`);
    }, SOON);
  }
}

function isLeader(node: unknown): boolean {
  return at(node, ['ManagerStatus', 'Leader']) === true;
}

export function lateImage(name: string): string {
  return `bed/${name}:1`;
}
