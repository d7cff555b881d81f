import { unknownResource } from './status.ts';

/** What the demo's token may do: everything, as `system:masters`. */
export function review(resource: string, body: Record<string, unknown>): object {
  if (resource === 'selfsubjectaccessreviews') {
    return { ...base('SelfSubjectAccessReview'), spec: body.spec ?? {}, status: { allowed: true } };
  }
  if (resource !== 'selfsubjectrulesreviews') throw unknownResource();
  return {
    ...base('SelfSubjectRulesReview'),
    spec: {},
    status: {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
  };
}

function base(kind: string) {
  return { kind, apiVersion: 'authorization.k8s.io/v1', metadata: {} };
}
