import type { Group } from '../actions/groups.ts';
import type { Verb } from '../actions/verb.ts';
import type { Key, KeyMap } from '../keys/table.ts';
import { KINDS, type Noun } from '../model/entity.ts';
import type { ObjectsOf } from './object-kinds.ts';
import { LISTED_TITLES, type Listed } from './pane.ts';

/** Something that the palette can do, by name. */
export interface Command {
  name: string;
  help: string;
  run:
    | { action: Key['action'] }
    | { list: Listed }
    | { objects: ObjectsOf }
    | { trigger: string }
    | { verb: Verb; nouns?: Noun[] }
    | { noun: Noun }
    | { call(): void };
  /** Why it cannot be done to what is under the cursor. */
  unfit?: string | null;
}

/** The field's other names of kinds. */
const OTHER_NAMES: Partial<Record<Listed, string[]>> = {
  workload: ['deployments'],
  replica: ['pods', 'tasks'],
  service: ['svc'],
  claim: ['pvc'],
  directory: ['cephfs', 'quotas'],
  storage: ['ceph'],
  check: ['health'],
};

/** @param triggers what the embedded platform can be told to do; none on a real one */
export function commands(keys: KeyMap, triggers: readonly string[]): Command[] {
  const lists = [...KINDS, 'event' as const].flatMap(listed =>
    [LISTED_TITLES[listed].toLowerCase(), ...(OTHER_NAMES[listed] ?? [])].map(name => ({
      name,
      help: `list ${LISTED_TITLES[listed].toLowerCase()}`,
      run: { list: listed },
    })),
  );
  const actions = keys.keys.map(key => ({
    name: key.label,
    help: `${key.help} (${key.keys[0]})`,
    run: { action: key.action },
  }));
  const failures = triggers.map(trigger => ({
    name: `demo ${trigger}`,
    help: 'let this happen in the embedded platform',
    run: { trigger },
  }));
  return [...lists, ...actions, ...failures];
}

/** The actions for what is under the cursor; those that do not apply stand last, with the reason. */
export function actionCommands(verbs: readonly { verb: Verb; unfit: string | null }[]): Command[] {
  return verbs
    .map(({ verb, unfit }) => ({ name: verb.name, help: unfit ?? verb.help, run: { verb }, unfit }))
    .sort((a, b) => Number(a.unfit !== null) - Number(b.unfit !== null));
}

/** The actions for a whole group, of which one is under the cursor. */
export function groupCommands(verb: Verb, groups: readonly Group[]): Command[] {
  return groups.map(({ name, members }) => {
    const names = members.map(member => member.name).join(', ');
    const unfit = members.map(member => verb.unfit(member)).find(why => why !== null) ?? null;
    return { name: `${verb.name} group ${name}`, help: unfit ?? names, run: { verb, nouns: members }, unfit };
  });
}

/** The commands that a text means, best first: the one of that name, those that begin with it, then those that hold its letters in order. */
export function matching(all: readonly Command[], text: string): Command[] {
  const wanted = text.trim().toLowerCase();
  const scored = all.map(command => ({ command, score: score(command.name.toLowerCase(), wanted) }));
  return scored
    .filter(({ score }) => score < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.score - b.score)
    .map(({ command }) => command);
}

function score(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 2;
  let at = 0;
  for (const letter of wanted) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return Number.POSITIVE_INFINITY;
  }
  return 3;
}
