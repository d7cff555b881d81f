import type { Noun, Replica, Workload } from '../model/entity.ts';
import { printable } from '../model/printable.ts';
import type { Client, Right } from '../sources/client.ts';
import type { ApiInfo, ApiTask } from '../sources/swarm/api.ts';
import { compareWords } from '../text/compare-words.ts';
import { NotDone } from './attempt.ts';
import { dockerOf, engineOn } from './engines.ts';
import { kubectl, right } from './kubernetes.ts';
import { at, uidOf } from './prove.ts';
import { InputError, type Subject, Unfit } from './verb.ts';

/** Where something can be run: a container of a pod or of a task, by its identity. */
export interface Place {
  /** For `client.execute`. */
  path: string;
  container: string | undefined;
  /** What the operator is told to be in. */
  title: string;
  /** The command up to the program that runs there. */
  command(shell: boolean): string;
  notes: string[];
  rights(subresource: string): Right[];
  /** The replica's object, whole. */
  object: unknown;
  replica: Replica;
  /** Who reaches it. */
  client: Client;
  /** Throws a NotDone when another one has its name now. */
  check(signal: AbortSignal): Promise<void>;
}

/** The place that is meant by a replica, or by a workload: its first replica that is ready. Throws an Unfit or an InputError. */
export async function inside(subject: Subject, container: string): Promise<Place> {
  const { noun, client, fleet, signal } = subject;
  if (noun.kind === 'replica') return of(subject, noun as Replica, container, []);
  const replica = await readyOf(subject);
  const path = fleet.source(replica.source)?.pathOf?.('replica', replica.id);
  if (!path) throw new Unfit(`${replica.name} has no address here`);
  const object = await client.get(path, signal);
  return of({ ...subject, noun: replica, path, object }, replica, container, [`in ${replica.name}, which is ready`]);
}

async function readyOf({ noun, fleet, client, signal }: Subject): Promise<Replica> {
  const all = fleet.replicasOf(noun.id).filter(({ ready, wanted }) => ready && wanted !== 'gone');
  all.sort((a, b) => compareWords(a.name, b.name));
  const here = (noun as Workload).system === 'swarm' ? await ownNode(client, signal) : null;
  const near = all.find(({ node }) => here !== null && fleet.get('node', node ?? '')?.uid === here);
  const first = near ?? all[0];
  if (!first)
    throw new Unfit(`no replica of ${noun.name} is ready${(noun as Workload).ready === null ? ' or known' : ''}`);
  return first;
}

function of(subject: Subject, replica: Replica, container: string, notes: string[]): Place | Promise<Place> {
  return replica.system === 'kubernetes' ? ofPod(subject, replica, container, notes) : ofTask(subject, replica, notes);
}

function ofPod({ path, object, client }: Subject, replica: Replica, wanted: string, notes: string[]): Place {
  const names = namesIn(object, 'containers');
  const usual = at(object, ['metadata', 'annotations', 'kubectl.kubernetes.io/default-container']);
  const container = wanted !== '' ? wanted : typeof usual === 'string' ? usual : names[0];
  const all = [...names, ...namesIn(object, 'initContainers'), ...namesIn(object, 'ephemeralContainers')];
  if (container === undefined || !all.includes(container)) {
    throw new InputError('container', `it has no container ${container ?? ''}; it has ${all.join(', ')}`);
  }
  const named = names.length > 1 ? ` -c ${container}` : '';
  return {
    path,
    container,
    object,
    replica,
    client,
    title: `${replica.name}${names.length > 1 ? `, container ${container}` : ''}, of ${client.target}`,
    command: shell => `${kubectl(replica)} exec ${shell ? '-it ' : ''}${replica.name}${named} --`,
    notes: [...notes, ...(names.length > 1 ? [`container ${container} of ${names.join(', ')}`] : [])],
    rights: subresource => [right(path, 'create', subresource)],
    check: signal => same({ noun: replica, path, object, client }, signal),
  };
}

/** A task's container is where its node's engine is: no other one reaches it. */
async function ofTask(
  { path, object, client, fleet, signal }: Subject,
  replica: Replica,
  notes: string[],
): Promise<Place> {
  const { NodeID, Status } = object as ApiTask;
  const id = Status?.ContainerStatus?.ContainerID;
  if (!id) throw new Unfit(`${replica.name} has no container yet (${Status?.State ?? 'no state'})`);
  const short = printable(id.slice(0, 12));
  const node = [...fleet.all('node').values()].find(({ uid, source }) => uid === NodeID && source === replica.source);
  if (!node) throw new Unfit(`${replica.name} runs on a node that is not known here: ${printable(NodeID ?? 'none')}`);
  const engine = await engineOn(node, { fleet, client, signal }, `docker exec -it ${short} sh`);
  const docker = dockerOf(engine, client);
  return {
    path: `/containers/${id}`,
    container: undefined,
    object,
    replica,
    client: engine,
    title: `${replica.name}, container ${short}, of ${engine.target}`,
    command: shell => `${docker} exec ${shell ? '-it ' : ''}${short}`,
    notes,
    rights: () => [],
    check: asked => same({ noun: replica, path, object, client }, asked),
  };
}

/** The node of the engine that is asked. */
async function ownNode(client: Client, signal: AbortSignal): Promise<string | null> {
  const { Swarm } = (await client.get('/info', signal)) as ApiInfo;
  return Swarm?.NodeID ?? null;
}

async function same(
  { noun, path, object, client }: Pick<Subject, 'path' | 'object' | 'client'> & { noun: Noun },
  signal: AbortSignal,
) {
  if (uidOf(await client.get(path, signal)) !== uidOf(object))
    throw new NotDone('refused', `${noun.name} is another one now`);
}

function namesIn(object: unknown, key: string): string[] {
  const found = at(object, ['spec', key]);
  return Array.isArray(found) ? found.map(({ name }) => printable(String(name))) : [];
}
