import type { Item } from './checklist.ts';
import { backups } from './items/backups.ts';
import { diskSpace } from './items/disk-space.ts';
import { errorLogs } from './items/error-logs.ts';
import { services } from './items/services.ts';

export const daily: readonly Item[] = [services, errorLogs, diskSpace, backups];
