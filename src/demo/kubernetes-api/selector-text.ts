import type { KubeObject, LabelSelector, Labels, Plural } from '../controller/kubernetes/objects.ts';
import { matches } from '../controller/kubernetes/selectors.ts';
import { badRequest } from './status.ts';

export type Test = (object: KubeObject) => boolean;

/** The test that `labelSelector` and `fieldSelector` of a request ask for; null when they ask for none. */
export function testOf(plural: Plural, labelSelector: string | null, fieldSelector: string | null): Test | null {
  const selector = labelSelector ? parseLabels(labelSelector) : null;
  const fields = fieldSelector ? parseFields(plural, fieldSelector) : null;
  if (!selector && !fields) return null;
  return object =>
    (!selector || matches(selector, object.metadata.labels as Labels | undefined)) &&
    (!fields || fields.every(test => test(object)));
}

/** `app=odoo,tier!=x,env in (a, b),!old`, as kubectl's -l takes it. */
function parseLabels(text: string): LabelSelector {
  const matchLabels: Labels = {};
  const matchExpressions: NonNullable<LabelSelector['matchExpressions']> = [];
  for (const part of text.match(/[^,(]+(\([^)]*\))?/g) ?? []) {
    const term = part.trim();
    const [, set, operator, list] = /^(\S+)\s+(in|notin)\s*\((.*)\)$/.exec(term) ?? [];
    const [, key, sign, value] = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(term) ?? [];
    if (set && list !== undefined) {
      const values = list.split(',').map(each => each.trim());
      matchExpressions.push({ key: set, operator: operator === 'in' ? 'In' : 'NotIn', values });
    } else if (key && value !== undefined) {
      if (sign === '!=') matchExpressions.push({ key, operator: 'NotIn', values: [value] });
      else matchLabels[key] = value;
    } else if (/^![^\s=!]+$/.test(term)) matchExpressions.push({ key: term.slice(1), operator: 'DoesNotExist' });
    else if (/^[^\s=!]+$/.test(term)) matchExpressions.push({ key: term, operator: 'Exists' });
    else throw badRequest(`unable to parse requirement: found '${term}', expected: identifier`);
  }
  return { matchLabels, matchExpressions };
}

const COMMON = ['metadata.name', 'metadata.namespace'];
/** The fields that the real server can select by; all others it refuses. */
const FIELDS: Partial<Record<Plural, string[]>> = {
  pods: [
    ...['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork'],
    ...['status.phase', 'status.podIP', 'status.nominatedNodeName'],
  ],
  nodes: ['spec.unschedulable'],
  jobs: ['status.successful'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicasets: ['status.replicas'],
  events: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      field => `involvedObject.${field}`,
    ),
    ...['reason', 'reportingComponent', 'source', 'type'],
  ],
};

function parseFields(plural: Plural, text: string): Test[] {
  return text
    .split(',')
    .filter(Boolean)
    .map(term => {
      const [, field = '', sign, value = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(term) ?? [];
      if (!field) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
      if (!COMMON.includes(field) && !FIELDS[plural]?.includes(field)) {
        throw badRequest(`field label not supported: ${field}`);
      }
      return object => (fieldOf(object, field) === value) === (sign !== '!=');
    });
}

function fieldOf(object: KubeObject, field: string): string {
  if (field === 'status.successful') {
    const { succeeded = 0 } = (object.status ?? {}) as { succeeded?: number };
    return String(succeeded);
  }
  if (field === 'source') return (object as KubeObject & { source?: { component?: string } }).source?.component ?? '';
  let value: unknown = object;
  for (const step of field.split('.')) value = (value as Record<string, unknown> | undefined)?.[step];
  if (field === 'spec.unschedulable') return String(value ?? false);
  return value === undefined || value === null ? '' : String(value);
}
