import { describe, expect, it } from 'vitest';
import type { WorkloadType } from '../../src/model/entity.ts';
import { Api } from '../../src/sources/kubernetes/api.ts';
import { createKubernetes, type KubernetesOptions } from '../../src/sources/kubernetes/index.ts';
import { readPage } from '../../src/sources/kubernetes/page.ts';
import { projectPod } from '../../src/sources/kubernetes/pod.ts';
import { DEPLOYMENT, EITHER, NODE_METRICS, POD, POD_METRICS } from '../../src/sources/kubernetes/protobuf.ts';
import { Shared } from '../../src/sources/kubernetes/shared.ts';
import { TIMING } from '../../src/sources/kubernetes/timing.ts';
import { type Metrics, usedBy } from '../../src/sources/kubernetes/usage.ts';
import { projectDeployment } from '../../src/sources/kubernetes/workload.ts';
import { agree, proofsLater, sorted, watching } from './bed.ts';
import type { KubernetesBed } from './kubernetes-bed.ts';
import type { KubernetesTruth, Row } from './kubernetes-truth.ts';

const USAGE = '/apis/metrics.k8s.io/v1beta1';
/** Whose it is, and what is used. */
const projectUsage = (metrics: Metrics) => [metrics.metadata?.namespace ?? '', metrics.metadata?.name, usedBy(metrics)];

const KINDS = ['node', 'workload', 'replica', 'service', 'claim'] as const;

/** What must be so for every Kubernetes that is watched. `pulseMs`: from one proof of life to the next. */
export function kubernetesContract(open: () => Promise<KubernetesBed>, { pulseMs = 3_000 } = {}): void {
  const create = (options: KubernetesOptions) => createKubernetes('prod', options, { pulseMs });
  const watched = watching(open, create, [...KINDS]);
  const { sink, truth } = watched;
  const workloads = (type: WorkloadType) => sink.all('workload').filter(each => each.type === type);
  const rows = async (plural: keyof KubernetesTruth) => (await truth())[plural];

  describe('tells the rows that kubectl prints:', () => {
    it('nodes', () =>
      agree(
        () =>
          sorted(
            sink.all('node').map(each => [each.uid, each.name, nodeWord(each), rolesWord(each), each.softwareVersion]),
          ),
        async () =>
          sorted((await rows('nodes')).map(each => [each.uid, each.name, each.Status, each.Roles, each.Version])),
      ));

    it('pods with their state words, ready containers and restarts', () =>
      agree(
        () =>
          sorted(
            sink
              .all('replica')
              .map(each => [
                each.uid,
                `${each.namespace}/${each.name}`,
                each.state,
                `${each.containersReady}/${each.containers}`,
                each.restarts,
              ]),
          ),
        async () =>
          sorted(
            (await rows('pods')).map(each => [
              each.uid,
              `${each.namespace}/${each.name}`,
              each.Status,
              each.Ready,
              // "3 (5m ago)"
              Number.parseInt(String(each.Restarts), 10),
            ]),
          ),
      ));

    it.each(['Deployment', 'StatefulSet'] as const)('%s: ready of wanted', type =>
      agree(
        () => sorted(workloads(type).map(each => [each.uid, each.name, `${each.ready}/${each.wanted}`])),
        async () => sorted((await rows(pluralOf(type))).map(each => [each.uid, each.name, each.Ready])),
      ),
    );

    it('Deployment: updated', () =>
      agree(
        () => sorted(workloads('Deployment').map(each => [each.uid, each.updated])),
        async () => sorted((await rows('deployments')).map(each => [each.uid, each['Up-to-date']])),
      ));

    it('DaemonSet, Job and CronJob', async () => {
      await agree(
        () => [
          ...sorted(workloads('DaemonSet').map(each => [each.uid, each.ready, each.wanted, each.updated])),
          ...sorted(workloads('Job').map(each => [each.uid, `${each.succeeded}/${each.wanted}`])),
          ...sorted(workloads('CronJob').map(each => [each.uid, each.schedule, each.suspended])),
        ],
        async () => {
          const { daemonsets, jobs, cronjobs } = await truth();
          return [
            ...sorted(daemonsets.map(each => [each.uid, each.Ready, each.Desired, each['Up-to-date']])),
            ...sorted(jobs.map(each => [each.uid, each.Completions])),
            ...sorted(
              cronjobs.map(each => [each.uid, each.Schedule, each.Suspend === true || each.Suspend === 'True']),
            ),
          ];
        },
      );
    });
  });

  it.each([
    { plural: 'pods', path: '/api/v1/pods', message: POD, project: projectPod },
    { plural: 'deployments', path: '/apis/apps/v1/deployments', message: DEPLOYMENT, project: projectDeployment },
    { plural: 'the usage of nodes', path: `${USAGE}/nodes`, message: NODE_METRICS, project: projectUsage },
    { plural: 'the usage of pods', path: `${USAGE}/pods`, message: POD_METRICS, project: projectUsage },
  ])('makes the same of $plural in protobuf, which is what it is answered, as of their JSON', async each => {
    const api = await Api.open(watched.options, TIMING, new AbortController().signal);
    const projecting = { source: 'prod', shared: new Shared(), now: () => 0 };
    const read = async (accept: string) => {
      const answer = await api.whole({ path: each.path, accept }, AbortSignal.timeout(30_000));
      expect(answer.type).toMatch(accept === EITHER ? /^application\/vnd.kubernetes.protobuf/ : /^application\/json/);
      return Array.from(readPage(answer, each.message).objects, object => each.project(object as never, projecting));
    };
    let ours: unknown = null;
    const both = async () => {
      ours = await read(EITHER);
      return read('application/json');
    };
    await agree(() => ours, both).finally(() => api.close());
  });

  it("tells every Ingress, and Traefik's IngressRoutes where there are any, as a route", () =>
    agree(
      () => ['routes', ...sorted(sink.all('route').map(each => [each.uid, each.id.split('/').at(-2), each.name]))],
      async () => {
        const { ingresses, ingressroutes } = await truth();
        const own = ingressroutes.map(each => [each.uid, 'ingressroute', each.name]);
        return ['routes', ...sorted([...ingresses.map(each => [each.uid, 'route', each.name]), ...own])];
      },
    ));

  it('gives every pod that runs the node that it runs on', async () => {
    const nodes = new Set(sink.all('node').map(each => each.id));
    const homeless = sink.all('replica').filter(each => each.state === 'Running' && !nodes.has(each.node ?? ''));
    expect(homeless.map(each => each.id)).toEqual([]);
  });

  describe('reads when a checklist asks:', () => {
    const soon = () => AbortSignal.timeout(30_000);
    const namespaces = () => [...new Set(sink.all('workload').flatMap(({ namespace }) => namespace ?? []))];
    const isService = ({ type }: { type: string }) => type !== 'Job';

    it('how every workload is meant to run, under its own id, of each namespace or of all at once', async () => {
      const read = async (of: string[]) =>
        ((await watched.source.specs?.(of, soon())) ?? []).map(spec => spec.workload);
      const ids = sorted(
        sink
          .all('workload')
          .filter(isService)
          .map(({ id }) => [id]),
      );
      expect(sorted((await read(namespaces())).map(id => [id]))).toEqual(ids);
      const many = Array.from({ length: 30 }, (_, index) => `n${index}`);
      expect(sorted((await read(many)).map(id => [id]))).toEqual(ids);
    });

    it('what runs out, by names and times alone', async () => {
      const read = await watched.source.credentials?.(namespaces(), soon());
      expect(read?.found.map(({ name }) => name)).toContain('the certificate of the API server');
      for (const one of read?.found ?? []) expect(Object.keys(one).sort()).toEqual(['endsAt', 'name', 'writtenAt']);
    });

    it('that an account that nobody has made may do nothing, or that we may not ask', async () => {
      const right = { verb: 'create', group: 'batch', resource: 'jobs', namespace: 'default' };
      const user = 'system:serviceaccount:default:nobody-has-made-this';
      const answer = watched.source.client?.()?.forbids?.(right, soon(), user);
      expect(await answer?.catch((error: Error) => error.message)).toMatch(/may not create jobs|forbidden/);
    });
  });

  it('goes on proving that it lives, by one request each, and never lists a second time', async () => {
    const { source } = watched;
    const [requests, proofs, lists] = [source.requests, sink.proofs, Object.fromEntries(sink.listsEnded)];
    await proofsLater(watched, 8);
    expect(sink.phase).toBe('live');
    expect(Object.fromEntries(sink.listsEnded)).toEqual(lists);
    // Usage is asked for in between: two requests, and where there is no such API, one for each look.
    expect(source.requests - requests).toBeLessThanOrEqual(sink.proofs - proofs + 5);
  });
}

function pluralOf(type: 'Deployment' | 'StatefulSet'): 'deployments' | 'statefulsets' {
  return type === 'Deployment' ? 'deployments' : 'statefulsets';
}

/** As kubectl words it. */
function nodeWord({ ready, availability }: { ready: boolean | null; availability: string }): Row['Status'] {
  const word = ready === null ? 'Unknown' : ready ? 'Ready' : 'NotReady';
  return availability === 'pause' ? `${word},SchedulingDisabled` : word;
}

function rolesWord({ roles }: { roles: string[] }): string {
  return roles.join(',') || '<none>';
}
