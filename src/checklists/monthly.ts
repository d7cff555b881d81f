import type { Item } from './checklist.ts';

export const monthly: readonly Item[] = [];
