import type { Kind, WorkloadType } from '../../model/entity.ts';
import type { Sink } from '../source.ts';
import { type NodeObject, projectNode } from './node.ts';
import { projectPod } from './pod.ts';
import type { Pod } from './pod-state.ts';
import type { Projecting } from './project.ts';
import { DEPLOYMENT, type Message, POD } from './protobuf.ts';
import { events, nouns, type Receiver, Services } from './receivers.ts';
import { Routes } from './routes.ts';
import { type ClaimObject, projectClaim } from './service.ts';
import type { Usage } from './usage.ts';
import type { Wire } from './wire.ts';
import { projectCronJob, projectDaemonSet, projectDeployment, projectJob, projectStatefulSet } from './workload.ts';

/** Something that is listed and watched. */
export interface Resource {
  plural: string;
  /** '' for the core group. */
  group: string;
  /** `v1` when it is left out; named by what a cluster may have or not, which is followed once the API serves it. */
  version?: string;
  namespaced: boolean;
  /** The kind of noun that it gives, or gives fields to; null for events. */
  kind: Kind | null;
  /** It only adds fields to that kind. */
  extra?: true;
  /** What its objects are in protobuf, where it is worth being read so. */
  message?: Message;
  /** Takes what is read in one namespace, or in all. */
  receiver(namespace: string | null): Receiver;
}

export interface Usages {
  node: Usage;
  replica: Usage;
}

/** As rights are written: `deployments.apps`. */
export function rightName({ plural, group }: Resource): string {
  return group ? `${plural}.${group}` : plural;
}

/** `/apis/apps/v1/namespaces/saasodoo/deployments`. */
export function pathOfAll({ plural, group, version = 'v1' }: Resource, namespace: string | null): string {
  const root = group ? `/apis/${group}/${version}` : '/api/v1';
  return `${root}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${plural}`;
}

/** All that is followed, what matters first in front. */
export function resources(sink: Sink, projecting: Projecting, usage: Usages): Resource[] {
  const services = new Services(sink, projecting);
  const routes = new Routes(sink, projecting);
  const { source } = projecting;
  return [
    {
      plural: 'nodes',
      group: '',
      namespaced: false,
      kind: 'node',
      receiver: namespace =>
        nouns(sink, namespace, {
          kind: 'node',
          project(object: NodeObject) {
            const node = projectNode(object, projecting);
            return Object.assign(node, usage.node.of(node.id));
          },
          gone: id => usage.node.forget(id),
        }),
    },
    ...[
      workload(sink, projecting, routes, 'Deployment', 'apps', projectDeployment, DEPLOYMENT),
      workload(sink, projecting, routes, 'StatefulSet', 'apps', projectStatefulSet),
      workload(sink, projecting, routes, 'DaemonSet', 'apps', projectDaemonSet),
      workload(sink, projecting, routes, 'CronJob', 'batch', projectCronJob),
      workload(sink, projecting, routes, 'Job', 'batch', projectJob),
    ],
    {
      plural: 'pods',
      group: '',
      namespaced: true,
      kind: 'replica',
      message: POD,
      receiver: namespace =>
        nouns(sink, namespace, {
          kind: 'replica',
          project(object: Pod) {
            const pod = projectPod(object, projecting);
            return Object.assign(pod, usage.replica.of(pod.id));
          },
          gone: id => usage.replica.forget(id),
        }),
    },
    {
      plural: 'services',
      group: '',
      namespaced: true,
      kind: 'service',
      receiver: namespace => services.services(namespace),
    },
    {
      plural: 'endpointslices',
      group: 'discovery.k8s.io',
      namespaced: true,
      kind: 'service',
      extra: true,
      receiver: namespace => services.slices(namespace),
    },
    {
      plural: 'persistentvolumeclaims',
      group: '',
      namespaced: true,
      kind: 'claim',
      receiver: namespace =>
        nouns(sink, namespace, { kind: 'claim', project: (object: ClaimObject) => projectClaim(object, projecting) }),
    },
    {
      plural: 'ingresses',
      group: 'networking.k8s.io',
      namespaced: true,
      kind: 'route',
      receiver: namespace => routes.ingresses(namespace),
    },
    {
      plural: 'ingressroutes',
      group: 'traefik.io',
      version: 'v1alpha1',
      namespaced: true,
      kind: 'route',
      receiver: namespace => routes.ingressRoutes(namespace),
    },
    { plural: 'events', group: '', namespaced: true, kind: null, receiver: () => events(sink, source) },
  ];
}

type Project<W> = (object: W, projecting: Projecting) => ReturnType<typeof projectDeployment>;

function workload<W extends Wire>(
  sink: Sink,
  projecting: Projecting,
  routes: Routes,
  type: WorkloadType,
  group: string,
  project: Project<W>,
  message?: Message,
): Resource {
  return {
    plural: `${type.toLowerCase()}s`,
    group,
    namespaced: true,
    kind: 'workload',
    message,
    receiver: namespace =>
      nouns(sink, namespace, {
        kind: 'workload',
        project(object: W) {
          const workload = project(object, projecting);
          routes.heard(workload);
          return workload;
        },
        belongs: noun => noun.type === type,
        gone: id => routes.forget(id),
      }),
  };
}
