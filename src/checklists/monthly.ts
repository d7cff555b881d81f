import type { Item } from './checklist.ts';
import { configuration } from './items/configuration.ts';

export const monthly: readonly Item[] = [configuration];
