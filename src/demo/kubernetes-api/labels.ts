import type { KubeObject } from '../controller/kubernetes/objects.ts';
import type { ResourceInfo } from '../controller/kubernetes/resources.ts';
import { invalid } from './status.ts';

const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const MOST = 63;
const RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** What a label may say (apimachinery, pkg/util/validation). Throws an ApiError. */
export function checkLabels({ kind, group }: ResourceInfo, { metadata }: KubeObject): void {
  for (const value of Object.values(metadata.labels ?? {})) {
    const why = value.length > MOST ? `must be no more than ${MOST} characters` : VALUE.test(value) ? null : RULE;
    if (why === null) continue;
    throw invalid(kind, group, metadata.name ?? '', 'metadata.labels', `Invalid value: "${value}": ${why}`);
  }
}
