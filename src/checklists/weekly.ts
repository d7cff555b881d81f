import type { Item } from './checklist.ts';

export const weekly: readonly Item[] = [];
