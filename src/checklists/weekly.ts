import type { Item } from './checklist.ts';
import { oldData } from './items/old-data.ts';

export const weekly: readonly Item[] = [oldData];
