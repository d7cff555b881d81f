import { type Caller, may, rulesOf } from './rights.ts';
import { unknownResource } from './status.ts';

/** What the caller may do: one thing that it asks about, or all of it. */
export function review(caller: Caller, resource: string, { spec }: { spec?: Spec }): object {
  if (resource === 'selfsubjectaccessreviews') {
    const { group = '', resource = '', verb = '', subresource, name, namespace } = spec?.resourceAttributes ?? {};
    const wish = {
      ...{ verb, group, resource },
      ...{ subresource: subresource || null, name: name || null, namespace: namespace || null },
    };
    const allowed = spec?.resourceAttributes ? may(caller, wish) : true;
    return { ...base('SelfSubjectAccessReview'), spec: spec ?? {}, status: { allowed } };
  }
  if (resource !== 'selfsubjectrulesreviews') throw unknownResource();
  return { ...base('SelfSubjectRulesReview'), spec: {}, status: rulesOf(caller) };
}

interface Spec {
  resourceAttributes?: Partial<Record<'verb' | 'group' | 'resource' | 'subresource' | 'name' | 'namespace', string>>;
}

function base(kind: string) {
  return { kind, apiVersion: 'authorization.k8s.io/v1', metadata: {} };
}
