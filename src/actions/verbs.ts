import type { Verb } from './verb.ts';
import { apply } from './verbs/apply.ts';
import { availability } from './verbs/availability.ts';
import { cordon, uncordon } from './verbs/cordon.ts';
import { debug } from './verbs/debug.ts';
import { remove } from './verbs/delete.ts';
import { deleteClaim } from './verbs/delete-claim.ts';
import { deletePod } from './verbs/delete-pod.ts';
import { deployStack } from './verbs/deploy-stack.ts';
import { drain } from './verbs/drain.ts';
import { edit } from './verbs/edit.ts';
import { empty } from './verbs/empty.ts';
import { evict } from './verbs/evict.ts';
import { exec } from './verbs/exec.ts';
import { label } from './verbs/label.ts';
import { pause, resume } from './verbs/pause.ts';
import { portForward } from './verbs/port-forward.ts';
import { demote, promote } from './verbs/promote.ts';
import { prune } from './verbs/prune.ts';
import { quota } from './verbs/quota.ts';
import { rebuild } from './verbs/rebuild.ts';
import { removeNode } from './verbs/remove-node.ts';
import { removeStack } from './verbs/remove-stack.ts';
import { restart } from './verbs/restart.ts';
import { rollback } from './verbs/rollback.ts';
import { scale } from './verbs/scale.ts';
import { setImage } from './verbs/set-image.ts';
import { setResources } from './verbs/set-resources.ts';
import { trigger } from './verbs/trigger.ts';

/** Every verb, in the order in which menus show them: what is needed often first, what removes something last. */
export const VERBS: readonly Verb[] = [
  scale,
  restart,
  rollback,
  exec,
  portForward,
  rebuild,
  setImage,
  setResources,
  quota,
  pause,
  resume,
  trigger,
  evict,
  deletePod,
  drain,
  cordon,
  uncordon,
  availability,
  label,
  promote,
  demote,
  edit,
  debug,
  apply,
  deployStack,
  prune,
  remove,
  deleteClaim,
  removeNode,
  removeStack,
  empty,
];

export function verbNamed(name: string): Verb | undefined {
  return VERBS.find(verb => verb.name === name);
}
