import * as z from 'zod';
import type { RunEntry } from '../model/checklist-run.ts';
import type { Journal, KeptQuery } from '../store/journal.ts';
import { type RunRecord, runsOf } from './records.ts';

/** The runs of everybody in the team, as far as they are known here, in the order in which they were begun. */
export function teamRuns(journal: Journal, query: KeptQuery = {}): RunRecord[] {
  const own = journal.kept('checklist', query);
  const others = journal.keptByOthers('checklist', query).flatMap(entry => Entry.safeParse(entry).data ?? []);
  if (others.length === 0) return runsOf(own);
  // Who goes on with a colleague's run writes into another journal than who began it.
  return runsOf([...own, ...others].sort((a, b) => a.at - b.at));
}

const entry = z.object({ id: z.string(), at: z.number() });
const worker = entry.extend({
  operator: z.string(),
  sshClient: z.string().nullable(),
  process: z.object({ pid: z.number(), host: z.string() }),
});
const verdict = z.enum(['pass', 'warn', 'fail', 'cannot-tell']);
const finding = z.object({
  target: z.string(),
  about: z.string().nullable(),
  health: z.enum(['ok', 'busy', 'warn', 'bad', 'off', 'unknown']),
  reason: z.string(),
  evidence: z.array(z.string()),
});

/** An entry as another program wrote it, possibly of a newer version: what this one does not know is left out. */
const Entry = z.discriminatedUnion('step', [
  worker.extend({
    step: z.literal('begin'),
    checklist: z.string(),
    demo: z.boolean(),
    auto: z.boolean(),
    items: z.array(z.object({ id: z.string(), title: z.string() })),
  }),
  worker.extend({ step: z.literal('resume') }),
  entry.extend({
    step: z.literal('item'),
    item: z.string(),
    verdict,
    reason: z.string(),
    facts: z.string().default(''),
    findings: z.array(finding),
    figures: z.record(z.string(), z.number()),
  }),
  entry.extend({
    step: z.literal('decision'),
    item: z.string(),
    decision: z.enum(['confirmed', 'overridden', 'skipped', 'fixed']),
    operator: z.string(),
    note: z.string().nullable(),
  }),
  entry.extend({ step: z.literal('leave') }),
  entry.extend({ step: z.literal('end'), verdict }),
]) satisfies z.ZodType<RunEntry>;
