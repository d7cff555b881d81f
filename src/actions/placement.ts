import type { Node } from '../model/entity.ts';

/**
 * Whether placement constraints of a swarm service let it run on a node, as far as a node tells what they ask for; null
 * for one that asks for something else. `node.role==worker`, `node.labels.zone != a` (docs.docker.com: --constraint).
 */
export function meetsConstraints(constraints: readonly string[], node: Node): boolean | null {
  const answers = constraints.map(constraint => meets(constraint, node));
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

function meets(constraint: string, { uid, name, roles, labels }: Node): boolean | null {
  const [, key = '', sign, value = ''] = /^\s*([^=!\s]+)\s*(==|!=)\s*(.*?)\s*$/.exec(constraint) ?? [];
  const label = /^node\.labels\.(.+)$/.exec(key)?.[1];
  const known: Record<string, string | null | undefined> = {
    'node.id': uid,
    'node.hostname': name,
    'node.role': roles[0],
  };
  if (label === undefined && !(key in known)) return null;
  const actual = label === undefined ? known[key] : (labels[label] ?? '');
  return (actual?.toLowerCase() === value.toLowerCase()) === (sign === '==');
}
