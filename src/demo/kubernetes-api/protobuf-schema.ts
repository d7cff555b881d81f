/**
 * What stands under which number in the protobuf of Kubernetes: of what clients send, the kinds and fields that this
 * server acts on; of what it sends, the fields that its own objects have. The numbers are those of generated.proto in
 * k8s.io/api, k8s.io/metrics and k8s.io/apimachinery.
 */
export const MAGIC = Buffer.from('k8s\0');

export type Type =
  | 'text'
  | 'number'
  | 'flag'
  | 'bytes'
  | 'map'
  | 'quantities'
  | 'time'
  | 'seconds'
  | 'number or text'
  | Schema;

/**
 * By field number: name, type, and whether it may come several times. What is `inline` is a message of its own whose
 * fields JSON has among those around it.
 */
export type Schema = { [field: number]: [name: string, type: Type, how?: 'list' | 'inline'] };

export const PAIR: Schema = { 1: ['key', 'text'], 2: ['value', 'text'] };
export const QUANTITY: Schema = { 1: ['string', 'text'] };
export const QUANTITY_PAIR: Schema = { 1: ['key', 'text'], 2: ['value', QUANTITY] };
export const TIME: Schema = { 1: ['seconds', 'number'], 2: ['nanos', 'number'] };
export const DURATION: Schema = { 1: ['nanoseconds', 'number'] };
export const EITHER: Schema = { 1: ['isText', 'number'], 2: ['number', 'number'], 3: ['text', 'text'] };

const TYPE_META: Schema = { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] };
export const UNKNOWN: Schema = { 1: ['typeMeta', TYPE_META], 2: ['raw', 'bytes'] };
const LIST_META: Schema = {
  2: ['resourceVersion', 'text'],
  3: ['continue', 'text'],
  4: ['remainingItemCount', 'number'],
};

const OWNER: Schema = {
  1: ['kind', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
  5: ['apiVersion', 'text'],
  6: ['controller', 'flag'],
  7: ['blockOwnerDeletion', 'flag'],
};
const METADATA: Schema = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  7: ['generation', 'number'],
  8: ['creationTimestamp', 'time'],
  9: ['deletionTimestamp', 'time'],
  10: ['deletionGracePeriodSeconds', 'number'],
  11: ['labels', 'map'],
  12: ['annotations', 'map'],
  13: ['ownerReferences', OWNER, 'list'],
};
const NAME: Schema = { 1: ['name', 'text'] };
const KEY: Schema = { 1: ['', NAME, 'inline'], 2: ['key', 'text'] };
const ENV: Schema = {
  1: ['name', 'text'],
  2: ['value', 'text'],
  3: ['valueFrom', { 3: ['configMapKeyRef', KEY], 4: ['secretKeyRef', KEY] }],
};
const PROBE: Schema = {
  1: ['', { 3: ['tcpSocket', { 1: ['port', 'number or text'] }] }, 'inline'],
  2: ['initialDelaySeconds', 'number'],
  3: ['timeoutSeconds', 'number'],
  4: ['periodSeconds', 'number'],
  5: ['successThreshold', 'number'],
  6: ['failureThreshold', 'number'],
};
const CONTAINER: Schema = {
  1: ['name', 'text'],
  2: ['image', 'text'],
  3: ['command', 'text', 'list'],
  4: ['args', 'text', 'list'],
  6: ['ports', { 1: ['name', 'text'], 3: ['containerPort', 'number'], 4: ['protocol', 'text'] }, 'list'],
  7: ['env', ENV, 'list'],
  8: ['resources', { 1: ['limits', 'quantities'], 2: ['requests', 'quantities'] }],
  9: [
    'volumeMounts',
    { 1: ['name', 'text'], 2: ['readOnly', 'flag'], 3: ['mountPath', 'text'], 4: ['subPath', 'text'] },
    'list',
  ],
  11: ['readinessProbe', PROBE],
  13: ['terminationMessagePath', 'text'],
  14: ['imagePullPolicy', 'text'],
  20: ['terminationMessagePolicy', 'text'],
};
const SELECTOR: Schema = {
  1: ['matchLabels', 'map'],
  2: ['matchExpressions', { 1: ['key', 'text'], 2: ['operator', 'text'], 3: ['values', 'text', 'list'] }, 'list'],
};
const TOLERATION: Schema = {
  1: ['key', 'text'],
  2: ['operator', 'text'],
  3: ['value', 'text'],
  4: ['effect', 'text'],
  5: ['tolerationSeconds', 'number'],
};
const APART: Schema = { 1: ['labelSelector', SELECTOR], 3: ['topologyKey', 'text'] };
const CLAIMED: Schema = { 1: ['claimName', 'text'], 2: ['readOnly', 'flag'] };
const ON_HOST: Schema = { 1: ['path', 'text'], 2: ['type', 'text'] };
const VOLUME: Schema = {
  1: ['name', 'text'],
  2: ['', { 1: ['hostPath', ON_HOST], 10: ['persistentVolumeClaim', CLAIMED] }, 'inline'],
};
const POD_SPEC: Schema = {
  1: ['volumes', VOLUME, 'list'],
  2: ['containers', CONTAINER, 'list'],
  3: ['restartPolicy', 'text'],
  4: ['terminationGracePeriodSeconds', 'number'],
  6: ['dnsPolicy', 'text'],
  7: ['nodeSelector', 'map'],
  8: ['serviceAccountName', 'text'],
  10: ['nodeName', 'text'],
  11: ['hostNetwork', 'flag'],
  16: ['hostname', 'text'],
  17: ['subdomain', 'text'],
  18: [
    'affinity',
    { 3: ['podAntiAffinity', { 1: ['requiredDuringSchedulingIgnoredDuringExecution', APART, 'list'] }] },
  ],
  19: ['schedulerName', 'text'],
  22: ['tolerations', TOLERATION, 'list'],
  25: ['priority', 'number'],
  30: ['enableServiceLinks', 'flag'],
  31: ['preemptionPolicy', 'text'],
};
const STATE: Schema = {
  1: ['waiting', { 1: ['reason', 'text'], 2: ['message', 'text'] }],
  2: ['running', { 1: ['startedAt', 'time'] }],
  3: [
    'terminated',
    {
      1: ['exitCode', 'number'],
      2: ['signal', 'number'],
      3: ['reason', 'text'],
      4: ['message', 'text'],
      5: ['startedAt', 'time'],
      6: ['finishedAt', 'time'],
      7: ['containerID', 'text'],
    },
  ],
};
const CONTAINER_STATUS: Schema = {
  1: ['name', 'text'],
  2: ['state', STATE],
  3: ['lastState', STATE],
  4: ['ready', 'flag'],
  5: ['restartCount', 'number'],
  6: ['image', 'text'],
  7: ['imageID', 'text'],
  8: ['containerID', 'text'],
  9: ['started', 'flag'],
};
const POD_CONDITION: Schema = {
  1: ['type', 'text'],
  2: ['status', 'text'],
  3: ['lastProbeTime', 'time'],
  4: ['lastTransitionTime', 'time'],
  5: ['reason', 'text'],
  6: ['message', 'text'],
};
const POD_STATUS: Schema = {
  1: ['phase', 'text'],
  2: ['conditions', POD_CONDITION, 'list'],
  3: ['message', 'text'],
  4: ['reason', 'text'],
  5: ['hostIP', 'text'],
  6: ['podIP', 'text'],
  7: ['startTime', 'time'],
  8: ['containerStatuses', CONTAINER_STATUS, 'list'],
  9: ['qosClass', 'text'],
  12: ['podIPs', { 1: ['ip', 'text'] }, 'list'],
};
const TEMPLATE: Schema = { 1: ['metadata', METADATA], 2: ['spec', POD_SPEC] };
const ROLLING: Schema = { 1: ['maxUnavailable', 'number or text'], 2: ['maxSurge', 'number or text'] };
const DEPLOYMENT_SPEC: Schema = {
  1: ['replicas', 'number'],
  2: ['selector', SELECTOR],
  3: ['template', TEMPLATE],
  4: ['strategy', { 1: ['type', 'text'], 2: ['rollingUpdate', ROLLING] }],
  5: ['minReadySeconds', 'number'],
  6: ['revisionHistoryLimit', 'number'],
  7: ['paused', 'flag'],
  9: ['progressDeadlineSeconds', 'number'],
};
const DEPLOYMENT_CONDITION: Schema = {
  1: ['type', 'text'],
  2: ['status', 'text'],
  4: ['reason', 'text'],
  5: ['message', 'text'],
  6: ['lastUpdateTime', 'time'],
  7: ['lastTransitionTime', 'time'],
};
const DEPLOYMENT_STATUS: Schema = {
  1: ['observedGeneration', 'number'],
  2: ['replicas', 'number'],
  3: ['updatedReplicas', 'number'],
  4: ['availableReplicas', 'number'],
  5: ['unavailableReplicas', 'number'],
  6: ['conditions', DEPLOYMENT_CONDITION, 'list'],
  7: ['readyReplicas', 'number'],
  9: ['terminatingReplicas', 'number'],
};
const JOB: Schema = {
  1: ['parallelism', 'number'],
  2: ['completions', 'number'],
  6: ['template', TEMPLATE],
  7: ['backoffLimit', 'number'],
  8: ['ttlSecondsAfterFinished', 'number'],
  10: ['suspend', 'flag'],
};
const DELETE: Schema = {
  1: ['gracePeriodSeconds', 'number'],
  2: ['preconditions', { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] }],
  3: ['orphanDependents', 'flag'],
  4: ['propagationPolicy', 'text'],
  5: ['dryRun', 'text', 'list'],
};
const ATTRIBUTES: Schema = {
  1: ['namespace', 'text'],
  2: ['verb', 'text'],
  3: ['group', 'text'],
  4: ['version', 'text'],
  5: ['resource', 'text'],
  6: ['subresource', 'text'],
  7: ['name', 'text'],
};

const POD: Schema = { 1: ['metadata', METADATA], 2: ['spec', POD_SPEC], 3: ['status', POD_STATUS] };
const DEPLOYMENT: Schema = {
  1: ['metadata', METADATA],
  2: ['spec', DEPLOYMENT_SPEC],
  3: ['status', DEPLOYMENT_STATUS],
};
const CONTAINER_METRICS: Schema = { 1: ['name', 'text'], 2: ['usage', 'quantities'] };
const MEASURED: Schema = { 1: ['metadata', METADATA], 2: ['timestamp', 'time'], 3: ['window', 'seconds'] };

function listOf(object: Schema): Schema {
  return { 1: ['metadata', LIST_META], 2: ['items', object, 'list'] };
}

/** What clients send; of what they list, the kinds that there are many of: all else is answered in JSON. */
export const KINDS: Record<string, Schema> = {
  ConfigMap: { 1: ['metadata', METADATA], 2: ['data', 'map'] },
  Job: { 1: ['metadata', METADATA], 2: ['spec', JOB] },
  DeleteOptions: DELETE,
  Eviction: { 1: ['metadata', METADATA], 2: ['deleteOptions', DELETE] },
  SelfSubjectAccessReview: { 2: ['spec', { 1: ['resourceAttributes', ATTRIBUTES] }] },
  SelfSubjectRulesReview: { 2: ['spec', { 1: ['namespace', 'text'] }] },
  PodList: listOf(POD),
  DeploymentList: listOf(DEPLOYMENT),
  NodeMetricsList: listOf({ ...MEASURED, 4: ['usage', 'quantities'] }),
  PodMetricsList: listOf({ ...MEASURED, 4: ['containers', CONTAINER_METRICS, 'list'] }),
};
