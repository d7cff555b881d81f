import type { Verb } from './verb.ts';
import { restart } from './verbs/restart.ts';
import { rollback } from './verbs/rollback.ts';
import { scale } from './verbs/scale.ts';

/** Every verb, in the order in which menus show them. */
export const VERBS: readonly Verb[] = [scale, restart, rollback];

export function verbNamed(name: string): Verb | undefined {
  return VERBS.find(verb => verb.name === name);
}
