import { z } from 'zod';
import { parseBytes } from '../text/quantity.ts';

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
};

function isDirectoryPattern(text: string): boolean {
  try {
    return ['database', 'short'].every(name => new RegExp(text).source.includes(`(?<${name}>`));
  } catch {
    return false;
  }
}
