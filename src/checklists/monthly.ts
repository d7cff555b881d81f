import type { Item } from './checklist.ts';
import { capacity } from './items/capacity.ts';
import { configuration } from './items/configuration.ts';
import { documentation } from './items/documentation.ts';
import { fullStack } from './items/full-stack.ts';

export const monthly: readonly Item[] = [fullStack, configuration, documentation, capacity];
