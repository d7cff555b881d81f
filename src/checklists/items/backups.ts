import type { Workload } from '../../model/entity.ts';
import type { Item } from '../checklist.ts';
import { backupJobs, failedBackupJobs } from '../probes/failed-jobs.ts';
import { newestBackups } from '../probes/newest-backups.ts';
import { orphans } from '../probes/orphans.ts';

const isCron = ({ type }: Workload) => type === 'CronJob';

export const backups: Item = {
  id: 'backups',
  title: 'Backups completed',
  probes: [newestBackups, failedBackupJobs, orphans],
  look: { kind: 'backup', filter: 'status=bad|warn' },
  fixes: [{ verb: 'trigger', kinds: ['backup', 'instance'], nouns: means => backupJobs(means).filter(isCron) }],
};
