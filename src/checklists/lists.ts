import type { Checklist, Item, Period } from './checklist.ts';
import { daily } from './daily.ts';
import { custom } from './items/custom.ts';
import { monthly } from './monthly.ts';
import type { ChecklistsInput, ChecklistsOptions } from './options.ts';
import { weekly } from './weekly.ts';

const BUILT_IN: Record<Period, readonly Item[]> = { daily, weekly, monthly };
export const TITLES: Record<Period, string> = {
  daily: 'Daily checklist',
  weekly: 'Weekly checklist',
  monthly: 'Monthly checklist',
};

/** A checklist as the handbook has it, with what the profile adds, puts in the place of an item, and takes away. */
export function checklistOf(name: Period, options: ChecklistsOptions): Checklist {
  const own = options[name];
  const known = new Set(BUILT_IN[name].map(({ id }) => id));
  const kept = BUILT_IN[name].flatMap(item => itemOf(item.id, own, item));
  const added = Object.keys(own)
    .filter(id => !known.has(id))
    .flatMap(id => itemOf(id, own, null));
  return { name, title: TITLES[name], items: [...kept, ...added] };
}

function itemOf(id: string, own: ChecklistsOptions[Period], builtIn: Item | null): Item[] {
  const changed = own[id];
  if (changed === undefined) return builtIn ? [builtIn] : [];
  return changed === false ? [] : [custom(id, changed)];
}

/** Whether there is anything on it, as a profile writes it. */
export function hasItems(name: Period, { [name]: own = {} }: ChecklistsInput): boolean {
  return BUILT_IN[name].some(({ id }) => own[id] !== false) || Object.values(own).some(item => item !== false);
}
