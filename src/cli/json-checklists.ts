import * as z from 'zod';
import { API_VERSION } from './items.ts';
import { Health, Text, Time } from './json-items.ts';

/** What `checklist` prints. */

const Verdict = z
  .enum(['pass', 'warn', 'fail', 'cannot-tell'])
  .describe('cannot-tell: something that had to be seen was not');

const Finding = z.strictObject({
  target: z.string(),
  health: Health,
  reason: z.string(),
  about: Text.describe('id of the noun, where it is about one'),
  evidence: z.array(z.string()).describe('lines that prove it, bounded'),
});

const RunItem = z.strictObject({
  id: z.string(),
  title: z.string(),
  verdict: Verdict.describe('what its probes say'),
  reason: z.string(),
  findings: z.array(Finding).describe('what is not well or could not be seen, the worst first; bounded'),
  decision: z.enum(['confirmed', 'overridden', 'skipped']).nullable().describe('what the operator said'),
  note: Text,
  fixes: z.array(z.string()).describe('what was done about it'),
});

/** `checklist daily --json` */
export const ChecklistRun = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ChecklistRun'),
  demo: z.literal(true).optional().describe('there and true when it is the embedded platform'),
  checklist: z.string(),
  id: z.string(),
  platform: z.string(),
  operator: z.string().describe('who worked on it last'),
  begunAt: Time,
  endedAt: Time.nullable().describe('null: not finished'),
  verdict: Verdict.describe('the worst of its items; an overridden one counts as pass, a skipped one as cannot-tell'),
  items: z.array(RunItem),
});

/** `checklist history --json` */
export const ChecklistHistory = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ChecklistHistory'),
  checklists: z.array(
    z.strictObject({
      checklist: z.string(),
      state: z.enum(['done', 'due', 'overdue']),
      streak: z.number().describe('so many days, weeks or months in a row it was finished'),
    }),
  ),
  items: z.array(ChecklistRun).describe('runs, the oldest first'),
});
