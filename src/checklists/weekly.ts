import type { Item } from './checklist.ts';
import { oldData } from './items/old-data.ts';
import { performance } from './items/performance.ts';
import { security } from './items/security.ts';
import { trends } from './items/trends.ts';

export const weekly: readonly Item[] = [trends, oldData, security, performance];
