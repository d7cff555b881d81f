import * as z from 'zod';
import { parseFilter } from '../filter/filter.ts';
import { parseBytes } from '../text/quantity.ts';

const Filter = z.string().refine(filter => parseFilter(filter).error === null, 'is no filter: look at docs/profile.md');
const Name = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'must be a name as Kubernetes has them');
const Amount = z.string().regex(/^\d+%?$/, 'must be a number or a share: 1, 25%');
const days = z.number().min(0);
const kept = z.int().min(0).max(1_000);

/** What the weekly and monthly items have to know of a platform, and where they begin to complain. */
export const rareSettings = {
  keepBackups: z
    .strictObject({ daily: kept.default(7), weekly: kept.default(4), monthly: kept.default(12) })
    .prefault({})
    .describe('old-data: of so many days, weeks and months the newest whole backup is kept, and always the newest'),
  instanceDirectories: z
    .string()
    .refine(isDirectoryPattern, 'must be a regular expression with the groups "database" and "short"')
    .optional()
    .describe(
      'old-data: which directories are of an instance, by their path; `database` is its name, `short` the first 8 letters of its id. Without it none is looked for',
    ),
  abandonedDays: days.default(7).describe('old-data: a directory without an instance that has not changed for so long'),
  unusedImages: z
    .string()
    .refine(text => parseBytes(text) !== null, 'must be a size such as 5G')
    .default('1G')
    .describe('old-data: unused images of one engine beyond so much are worth a word'),
  jobDays: days.default(1).describe('old-data: jobs that ended so long ago'),
  trendDays: days.default(30).describe('trends: what is full sooner is worth a word'),
  memoryGrowthPercent: days
    .default(20)
    .describe('trends: a workload whose memory grows by more of what it is in a week'),
  imageDays: days.default(180).describe('security: an image that was made so long ago'),
  expiryDays: days.default(30).describe('security: a certificate or token that ends sooner is worth a word'),
  secretDays: days.default(365).describe('security: a secret that was last written so long ago'),
  trusted: Filter.optional().describe(
    'security: workloads that may run as root, be privileged or have the engine’s socket',
  ),
  transactionMinutes: z.number().min(0).default(10).describe('performance: a transaction that is open for longer'),
  cacheHitPercent: days
    .max(100)
    .default(90)
    .describe('performance: a PostgreSQL that finds less of what it reads in its memory'),
  databaseGrowthPercent: days
    .default(25)
    .describe('performance: a database that grows by more of what it is in a week'),
  known: z
    .array(Filter)
    .default([])
    .describe('documentation: the workloads that are written down, beside groups, instances and pools'),
  capacityDays: days.default(90).describe('capacity: what is full sooner has to be added to'),
  leadDays: days.default(14).describe('capacity: so long it takes until what is ordered is there'),
  placesPercent: days.max(100).default(10).describe('capacity: fewer places for instances in all pools together'),
  unchecked: Filter.optional().describe('configuration: workloads that need no health check'),
  several: Filter.optional().describe('configuration: workloads that need more than one replica'),
  strategies: z
    .array(
      z.strictObject({
        workload: Filter,
        strategy: z.string().min(1).describe('Recreate, RollingUpdate; of Swarm start-first, stop-first'),
        maxSurge: Amount.optional(),
        maxUnavailable: Amount.optional(),
      }),
    )
    .default([])
    .describe('configuration: how workloads are to be replaced; the first rule that means one counts'),
  rights: z
    .array(
      z.strictObject({
        account: Name.describe('a service account'),
        namespace: Name,
        group: z.string().default('').describe('of the API; empty for the core’s'),
        resource: z.string().min(1).describe('jobs, pods/log, …'),
        verbs: z.array(z.string().min(1)).min(1),
      }),
    )
    .default([])
    .describe('configuration: what the platform’s own programs must be allowed to do on Kubernetes'),
};

function isDirectoryPattern(text: string): boolean {
  try {
    return ['database', 'short'].every(name => new RegExp(text).source.includes(`(?<${name}>`));
  } catch {
    return false;
  }
}
