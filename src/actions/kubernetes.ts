import type { Kind, Noun } from '../model/entity.ts';
import { Refusal, type Right } from '../sources/client.ts';
import { difference } from './difference.ts';
import { at, uidOf } from './prove.ts';
import type { Edit, Standing, Subject } from './verb.ts';

/** A patch in which the elements of a list are told apart by their names, as Kubernetes knows them. */
export const STRATEGIC = 'application/strategic-merge-patch+json';

/** A change to some fields of an object (RFC 7396), which holds only for the identity and version that were seen. */
export function patchOf(
  { noun, path, object }: Pick<Subject, 'noun' | 'path' | 'object'>,
  change: object,
  type = 'application/merge-patch+json',
): Edit {
  return {
    path,
    seen: object,
    moved: fresh => moved(noun, object, fresh),
    write: base => ({
      method: 'PATCH',
      path,
      type,
      body: withPrecondition(change, base),
    }),
  };
}

/** How an object is removed. */
export interface Deletion {
  propagation?: 'Foreground' | 'Background';
  /** Seconds; 0 does not wait for whoever runs it. */
  grace?: number;
  /** Its identity is enough, whatever has changed of it. */
  anyVersion?: boolean;
}

/** The removal of an object, which holds only for the identity and, where that counts, the version that were seen. */
export function deletionOf(
  { noun, path, object }: Pick<Subject, 'noun' | 'path' | 'object'>,
  { propagation, grace, anyVersion = false }: Deletion = {},
): Edit {
  return {
    path,
    seen: object,
    moved: fresh => moved(noun, object, fresh),
    write: base => ({
      method: 'DELETE',
      path,
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(propagation && { propagationPolicy: propagation }),
        ...(grace !== undefined && { gracePeriodSeconds: grace }),
        preconditions: {
          uid: uidOf(object),
          ...(!anyVersion && { resourceVersion: at(base, ['metadata', 'resourceVersion']) }),
        },
      },
    }),
  };
}

/** Done when nothing with this uid is there any more. `rest`: what of it is still to be seen, for the words. */
export async function goneStanding(
  { path, object, client }: Pick<Subject, 'path' | 'object' | 'client'>,
  signal: AbortSignal,
  rest: () => string,
): Promise<Standing> {
  try {
    const fresh = await client.get(path, signal);
    if (uidOf(fresh) !== uidOf(object)) return { state: 'done', words: 'gone; another one has its name' };
    return { state: 'under way', words: rest() };
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
    return { state: 'done', words: 'gone' };
  }
}

/** UID and resourceVersion in a body: another object, or another version of it, is answered with a conflict. */
export function withPrecondition(change: object, base: unknown): object {
  const { metadata, ...rest } = change as { metadata?: object };
  const resourceVersion = at(base, ['metadata', 'resourceVersion']);
  return { ...rest, metadata: { ...metadata, uid: uidOf(base), resourceVersion } };
}

/** Status moves all the time; the plan rests on what is wanted, which has a generation where Kubernetes counts one. */
export function moved({ name }: Noun, seen: unknown, fresh: unknown): string | null {
  if (uidOf(seen) !== uidOf(fresh)) return `${name} is another one now`;
  const change = difference(wishes(seen), wishes(fresh));
  return change === null ? null : `${name} was changed meanwhile: ${change}`;
}

/** What somebody wants of it: a node is given taints by the cluster itself as well, whenever its state changes. */
function wishes(object: unknown): unknown {
  const { taints, ...spec } = (at(object, ['spec']) ?? {}) as { taints?: { key: string }[] };
  const own = (taints ?? []).filter(({ key }) => !key.startsWith('node.kubernetes.io/'));
  return own.length > 0 ? { ...spec, taints: own } : spec;
}

/** `kubectl -n saasodoo`, or `kubectl` for what stands in no namespace. */
export function kubectl(noun: Noun): string {
  const namespace = 'namespace' in noun ? noun.namespace : null;
  return namespace ? `kubectl -n ${namespace}` : 'kubectl';
}

/** `deployment/user-service`, as kubectl takes it. */
export function resource(noun: Noun): string {
  if (noun.kind === 'object') return `${noun.resource}${noun.group === '' ? '' : `.${noun.group}`}/${noun.name}`;
  if (noun.kind === 'workload') return `${noun.type.toLowerCase()}/${noun.name}`;
  return `${WORDS[noun.kind] ?? idWord(noun)}/${noun.name}`;
}

const WORDS: Partial<Record<Kind, string>> = { replica: 'pod', claim: 'pvc' };

/** An id names what it is before its name: `prod/saasodoo/ingressroute/web`. */
function idWord({ id }: Noun): string {
  const word = id.split('/').at(-2) ?? '';
  return word === 'route' ? 'ingress' : word;
}

/** The right to do something to the object at this path of the API: `/apis/apps/v1/namespaces/saasodoo/deployments/web`. */
export function right(path: string, verb: string, subresource?: string): Right {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const [group, place] = parts[0] === 'apis' ? [parts[1] ?? '', parts.slice(3)] : ['', parts.slice(2)];
  const [namespace, [resource = '', name = '']] =
    place[0] === 'namespaces' && place.length > 2 ? [place[1] ?? null, place.slice(2)] : [null, place];
  return { verb, group, resource, ...(subresource !== undefined && { subresource }), namespace, name };
}

/** How far a change of a workload's template is: of a CronJob it is there with the next job. */
export function templateStanding({ path, client }: Pick<Subject, 'path' | 'client'>, type: string) {
  return async (signal: AbortSignal): Promise<Standing> => {
    const object = await client.get(path, signal);
    return type === 'CronJob' ? { state: 'done', words: 'from its next job on' } : rolledOut(type, object);
  };
}

/** How far the rollout of a workload is, by the rules of `kubectl rollout status` (kubectl pkg/polymorphichelpers). */
export function rolledOut(type: string, object: unknown): Standing {
  const number = (...keys: string[]) => {
    const value = at(object, keys);
    return typeof value === 'number' ? value : 0;
  };
  if (number('status', 'observedGeneration') < number('metadata', 'generation')) {
    return { state: 'under way', words: 'waits for the controller' };
  }
  if (type === 'DaemonSet') {
    const wanted = number('status', 'desiredNumberScheduled');
    return counted(wanted, number('status', 'updatedNumberScheduled'), number('status', 'numberAvailable'), wanted);
  }
  const conditions = at(object, ['status', 'conditions']);
  const late = (Array.isArray(conditions) ? conditions : []).find(
    ({ reason }) => reason === 'ProgressDeadlineExceeded',
  );
  if (late) return { state: 'failed', words: `no progress any more: ${String(late.message ?? late.reason)}` };
  const replicas = at(object, ['spec', 'replicas']);
  const wanted = typeof replicas === 'number' ? replicas : 1;
  const ready = number('status', type === 'StatefulSet' ? 'readyReplicas' : 'availableReplicas');
  // A StatefulSet that is updated by hand never says that it is.
  const byHand = at(object, ['spec', 'updateStrategy', 'type']) === 'OnDelete';
  const updated = byHand ? wanted : updatedOf(object, type, wanted);
  return counted(wanted, updated, ready, number('status', 'replicas'));
}

function updatedOf(object: unknown, type: string, wanted: number): number {
  const updated = at(object, ['status', 'updatedReplicas']);
  if (typeof updated === 'number') return updated;
  const settled = at(object, ['status', 'currentRevision']) === at(object, ['status', 'updateRevision']);
  return type === 'StatefulSet' && settled ? wanted : 0;
}

function counted(wanted: number, updated: number, ready: number, all: number): Standing {
  if (updated < wanted) return { state: 'under way', words: `${updated} of ${wanted} renewed` };
  if (all > wanted) return { state: 'under way', words: `${all - wanted} more to end` };
  if (ready < wanted) return { state: 'under way', words: `${ready} of ${wanted} ready` };
  return { state: 'done', words: `${ready} of ${wanted} ready` };
}
