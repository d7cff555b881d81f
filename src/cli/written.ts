import type { Written } from '../checklists/checklist.ts';
import type { Platform } from './platform.ts';

/** What the profile says of workloads and stacks by their names. */
export function writtenIn({ profile: { groups = {}, stacks = {} } }: Pick<Platform, 'profile'>): Written {
  return { groups, stacks: Object.keys(stacks) };
}
