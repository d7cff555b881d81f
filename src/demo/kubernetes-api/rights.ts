import { RESOURCES } from '../controller/kubernetes/resources.ts';
import type { Address } from './address.ts';
import { ApiError } from './status.ts';

/** Who asks, by the token that came along: someone who may do all, or only look, and at no secret. */
export interface Caller {
  user: string;
  rights: 'all' | 'view';
  /** What is kept from them all the same. */
  hidden?: Hidden;
}

export type Hidden = (wish: Wish) => boolean;

/** What someone wants to do, as access reviews name it. */
export interface Wish {
  verb: string;
  group: string;
  resource: string;
  subresource: string | null;
  name: string | null;
  namespace: string | null;
}

const LOOKING = ['get', 'list', 'watch'];
const HIDDEN = 'secrets';
const NOTHING: Wish = { verb: '', group: '', resource: '', subresource: null, name: null, namespace: null };

export function may({ rights, hidden }: Caller, wish: Wish): boolean {
  const { verb, group, resource, subresource } = wish;
  if (rights === 'all' || (group === 'authorization.k8s.io' && resource.startsWith('selfsubject'))) return true;
  // With the web socket a shell is opened by GET.
  const isStream = ['exec', 'attach', 'portforward'].includes(subresource ?? '');
  if (hidden?.(wish)) return false;
  return LOOKING.includes(verb) && resource !== HIDDEN && resource !== '*' && !isStream;
}

export function wishOf(
  { group, resource, subresource, name, namespace }: Address,
  method: string,
  query: URLSearchParams,
): Wish {
  const isWatch = ['1', 'true'].includes(query.get('watch') ?? '');
  const reading = name ? 'get' : isWatch ? 'watch' : 'list';
  const verbs: Record<string, string> = {
    GET: reading,
    HEAD: reading,
    POST: 'create',
    PUT: 'update',
    PATCH: 'patch',
    DELETE: name ? 'delete' : 'deletecollection',
  };
  return { verb: verbs[method] ?? method.toLowerCase(), group, resource, subresource, name, namespace };
}

/** The refusal in RBAC's words. */
export function forbidden({ user }: Caller, { verb, group, resource, subresource, name, namespace }: Wish): ApiError {
  const kind = group ? `${resource}.${group}` : resource;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message: `${kind}${name ? ` "${name}"` : ''} is forbidden: User "${user}" cannot ${verb} resource "${whole}" in API group "${group}" ${where}`,
    details: { ...(name && { name }), ...(group && { group }), kind: resource },
  });
}

/** The rules of a caller, as SelfSubjectRulesReview lists them. */
export function rulesOf({ rights, hidden }: Caller): object {
  if (rights === 'all') {
    return {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    };
  }
  const groups = Map.groupBy(Object.values(RESOURCES), each => each.group);
  const looking = [...groups].map(([group, kinds]) => ({
    verbs: LOOKING,
    apiGroups: [group],
    resources: kinds
      .map(each => each.plural)
      .filter(plural => plural !== HIDDEN && !hidden?.({ ...NOTHING, verb: 'list', group, resource: plural })),
  }));
  const reviews = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'];
  return {
    resourceRules: [
      ...looking,
      { verbs: LOOKING, apiGroups: [''], resources: ['pods/log'] },
      { verbs: LOOKING, apiGroups: ['metrics.k8s.io'], resources: ['nodes', 'pods'] },
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: reviews },
    ],
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version'] }],
    incomplete: false,
  };
}
