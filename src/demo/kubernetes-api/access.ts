import type { Store } from '../controller/kubernetes/store.ts';
import { type Caller, may, rulesOf, type Wish } from './rights.ts';
import { unknownResource } from './status.ts';

/** What the caller or somebody else may do: one thing that is asked about; or all that the caller may. */
export function review(store: Store, caller: Caller, resource: string, { spec }: { spec?: Spec }): object {
  if (resource === 'selfsubjectaccessreviews') {
    const allowed = spec?.resourceAttributes ? may(caller, wishOf(spec)) : true;
    return { ...base('SelfSubjectAccessReview'), spec: spec ?? {}, status: { allowed } };
  }
  if (resource === 'subjectaccessreviews') {
    const allowed = isGranted(store, spec?.user ?? '', wishOf(spec));
    return { ...base('SubjectAccessReview'), spec: spec ?? {}, status: { allowed } };
  }
  if (resource !== 'selfsubjectrulesreviews') throw unknownResource();
  return { ...base('SelfSubjectRulesReview'), spec: {}, status: rulesOf(caller) };
}

function wishOf(spec: Spec | undefined): Wish {
  const { group = '', resource = '', verb = '', subresource, name, namespace } = spec?.resourceAttributes ?? {};
  return {
    ...{ verb, group, resource },
    ...{ subresource: subresource || null, name: name || null, namespace: namespace || null },
  };
}

/** Whether a role in that namespace is bound to the service account. */
function isGranted(store: Store, user: string, { namespace, ...wish }: Wish): boolean {
  const [, home, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  if (namespace === null) return false;
  const bound = store
    .list('rolebindings', namespace)
    .filter(({ subjects }) => subjects.some(each => each.name === account && each.namespace === home));
  const rules = bound.flatMap(({ roleRef }) => store.get('roles', namespace, roleRef.name)?.rules ?? []);
  const resource = wish.subresource === null ? wish.resource : `${wish.resource}/${wish.subresource}`;
  return rules.some(
    rule => rule.apiGroups.includes(wish.group) && rule.resources.includes(resource) && rule.verbs.includes(wish.verb),
  );
}

interface Spec {
  user?: string;
  resourceAttributes?: Partial<Record<'verb' | 'group' | 'resource' | 'subresource' | 'name' | 'namespace', string>>;
}

function base(kind: string) {
  return { kind, apiVersion: 'authorization.k8s.io/v1', metadata: {} };
}
