import type { Container, KubeObject, Plural, PodSpec, PodTemplate } from '../controller/kubernetes/objects.ts';

type Fields = Record<string, unknown>;

/**
 * An object as it is kept: with the values that the API server fills in where a client says nothing
 * (pkg/apis/…/v1/defaults.go of k8s.io/kubernetes), those that the controllers here read.
 */
export function withDefaults(plural: Plural, object: KubeObject): KubeObject {
  const spec = (object.spec ?? {}) as Fields;
  const make = SPECS[plural];
  const filled =
    plural === 'pods' ? podSpec(spec as PodSpec) : make ? { ...make(spec), ...filledTemplate(spec) } : null;
  return { ...(DATA[plural]?.(object as unknown as Fields) ?? {}), ...object, ...(filled && { spec: filled }) };
}

/** The status with which a new object begins. */
export function firstStatus(plural: Plural): object | null {
  return STATUS[plural] ?? null;
}

const ROLLING = { maxSurge: '25%', maxUnavailable: '25%' };

const SPECS: Partial<Record<Plural, (spec: Fields) => Fields>> = {
  deployments: ({ strategy, ...spec }) => {
    const { type = 'RollingUpdate', rollingUpdate } = (strategy ?? {}) as { type?: string; rollingUpdate?: Fields };
    const rolling = type === 'RollingUpdate' && { rollingUpdate: { ...ROLLING, ...rollingUpdate } };
    return {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...known(spec),
      strategy: { type, ...rolling },
    };
  },
  statefulsets: spec => ({
    replicas: 1,
    serviceName: '',
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
    ...known(spec),
  }),
  daemonsets: spec => ({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    revisionHistoryLimit: 10,
    ...known(spec),
  }),
  cronjobs: spec => ({
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    ...known(spec),
  }),
  services: ({ ports, ...spec }) => ({
    type: 'ClusterIP',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ...known(spec),
    ...(Array.isArray(ports) && { ports: ports.map(each => ({ targetPort: each.port, protocol: 'TCP', ...each })) }),
  }),
  jobs: known,
  ingresses: known,
  ingressroutes: known,
  poddisruptionbudgets: known,
  persistentvolumeclaims: spec => ({ volumeMode: 'Filesystem', ...known(spec) }),
  namespaces: spec => ({ finalizers: ['kubernetes'], ...known(spec) }),
};

const DATA: Partial<Record<Plural, (object: Fields) => Fields>> = {
  configmaps: () => ({ data: {} }),
  secrets: ({ data, stringData }) => ({
    type: 'Opaque',
    data: { ...(data as Fields | undefined), ...encoded((stringData ?? {}) as Record<string, string>) },
  }),
};

const NO_DAEMONS = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };

const STATUS: Partial<Record<Plural, object>> = {
  deployments: {},
  statefulsets: { replicas: 0 },
  daemonsets: NO_DAEMONS,
  cronjobs: {},
  services: { loadBalancer: {} },
  ingresses: { loadBalancer: {} },
  poddisruptionbudgets: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  persistentvolumeclaims: { phase: 'Pending' },
  namespaces: { phase: 'Active' },
};

function filledTemplate({ template }: Fields): Fields | null {
  const { metadata, spec } = (template ?? {}) as Partial<PodTemplate>;
  return spec ? { template: { metadata: known(metadata ?? {}), spec: podSpec(spec) } } : null;
}

function podSpec(spec: PodSpec): PodSpec {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    ...known(spec),
    containers: (spec.containers ?? []).map(container),
  };
}

function container({ ports, resources = {}, ...given }: Container): Container {
  const { image = '' } = given;
  const isNewest = !image.includes('@') && (/:latest$/.test(image) || !/:[^/]*$/.test(image));
  return {
    // What is empty is not told (omitempty).
    resources: Object.fromEntries(Object.entries(resources).filter(([, each]) => Object.keys(each).length > 0)),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isNewest ? 'Always' : 'IfNotPresent',
    ...given,
    ...(ports && { ports: ports.map(each => ({ protocol: 'TCP', ...each })) }),
  };
}

/** Without what is null: to say null is to say nothing. */
function known<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as T;
}

function encoded(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
}
