import * as z from 'zod';
import { parseFilter } from '../filter/filter.ts';
import { KINDS } from '../model/entity.ts';
import { HttpCheck } from '../sources/http/options.ts';
import { rareSettings } from './rare-options.ts';
import { parseThreshold } from './threshold.ts';

const Filter = z.string().refine(filter => parseFilter(filter).error === null, 'is no filter: look at docs/profile.md');
const Pattern = z.string().refine(isPattern, 'is no regular expression');
const Limit = z
  .string()
  .refine(text => parseThreshold(text) !== null, 'is no threshold such as "> 85 %", "age > 26h", "status != 200"');

const limits = {
  warn: Limit.optional().describe('when it is worth a word: "> 3", "used > 80 %"'),
  fail: Limit.optional().describe('when it is bad: "age > 26h", "status != 200"'),
};
const timeoutSeconds = z.number().min(1).max(60).default(10);

/** A SELECT and nothing else: it is put inside of another one, in a read-only session. */
const Select = z
  .string()
  .regex(/^\s*(select|with)\b/i, 'must begin with select or with')
  .refine(sql => !/;|--|\bset_config\b/i.test(sql), 'must be one SELECT, without ";", "--" and set_config');

const ProbeSchema = z.union([
  z.strictObject({
    query: z.enum(KINDS).describe('what is looked at: a kind of noun'),
    filter: Filter.default('').describe('which of them; how many there are is the value, a field is one of the filter'),
    ...limits,
  }),
  z.strictObject({
    sql: Select,
    database: z.string().min(1).describe("the platform's database, or a server, by its name"),
    rows: z.number().int().min(1).max(1_000).default(100).describe('at most so many rows'),
    ...limits,
  }),
  z.strictObject({ http: HttpCheck.describe('as a check of an http source'), ...limits }),
  z.strictObject({
    command: z.array(z.string().min(1)).min(1).describe('program and arguments; no shell reads them'),
    timeoutSeconds,
    ...limits,
  }),
]);
export type ProbeOptions = z.output<typeof ProbeSchema>;

const ItemSchema = z.strictObject({
  title: z.string().min(1),
  probes: z.array(ProbeSchema).min(1),
});
export type ItemOptions = z.output<typeof ItemSchema>;

const Items = z.record(
  z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a word of small letters, digits and "-"'),
  z.union([z.literal(false), ItemSchema]),
);

/** What the built-in items have to know of a platform, and where they begin to complain. */
const SettingsSchema = z.strictObject({
  restarts: z.int().min(0).default(3).describe('services: restarts of one workload since the last run that are fine'),
  watchers: z
    .array(
      z.strictObject({
        workload: Filter.describe('the workload that watches'),
        says: Pattern.describe('what it writes to its log while it is alive'),
        within: z
          .string()
          .regex(/^\d+[mhd]$/)
          .default('75m')
          .describe('how long ago that may be'),
      }),
    )
    .default([])
    .describe("services: the platform's own monitoring, which nobody else watches"),
  logLines: z.int().min(10).max(20_000).default(2_000).describe('error-logs: so many of the last lines of a container'),
  logIgnore: z.array(Pattern).default([]).describe('error-logs: lines that count as no errors'),
  fullInDays: z.number().min(0).default(30).describe('disk-space: a cluster that is full sooner is worth a word'),
  quotaFullInDays: z.number().min(0).default(7).describe('disk-space: a directory that is'),
  backupOf: Filter.default('status=running|stopped|paused|error').describe('backups: the instances that must have one'),
  backupJobs: Filter.default('name=*backup*').describe('backups: the jobs that make them'),
  backupShrunkPercent: z
    .number()
    .min(0)
    .max(100)
    .default(50)
    .describe('backups: one that has less of the size of those before it is worth a word'),
  ...rareSettings,
});

/** Checklists: those of the handbook, with what a profile adds, changes and takes away. */
export const ChecklistsSchema = z
  .strictObject({
    daily: Items.default({}).describe('items by name: one more, another in the place of a built-in one, or false'),
    weekly: Items.default({}),
    monthly: Items.default({}),
    settings: SettingsSchema.prefault({}).describe('what the built-in items have to know of the platform'),
  })
  .describe('the checklists of the operators');

export type ChecklistsInput = z.input<typeof ChecklistsSchema>;
export type ChecklistsOptions = z.output<typeof ChecklistsSchema>;
export type Settings = z.output<typeof SettingsSchema>;

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
