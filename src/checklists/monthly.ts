import type { Item } from './checklist.ts';
import { capacity } from './items/capacity.ts';
import { configuration } from './items/configuration.ts';

export const monthly: readonly Item[] = [configuration, capacity];
