import type { Item } from '../checklist.ts';
import { abandonedDirectories } from '../probes/abandoned-directories.ts';
import { finishedJobs } from '../probes/finished-jobs.ts';
import { oldBackups } from '../probes/old-backups.ts';
import { orphans } from '../probes/orphans.ts';
import { unusedImages } from '../probes/unused-images.ts';

export const oldData: Item = {
  id: 'old-data',
  title: 'Old data and images',
  probes: [oldBackups, orphans, abandonedDirectories, unusedImages, finishedJobs],
  look: { kind: 'backup', filter: 'age>30d' },
  fixes: [
    { verb: 'prune', kinds: ['node'], input: { what: 'all-images' } },
    { verb: 'delete', kinds: ['workload'] },
    { verb: 'empty', kinds: ['directory'] },
  ],
};
