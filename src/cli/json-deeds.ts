import * as z from 'zod';
import { API_VERSION } from './items.ts';
import { Text, Time } from './json-items.ts';

/** What `act` and `journal` print. */

const Outcome = z
  .enum(['done', 'refused', 'failed', 'unknown'])
  .describe('done: seen in the system; refused: nothing was changed; unknown: nobody can tell');
const Inverse = z
  .strictObject({ verb: z.string(), input: z.record(z.string(), z.string()) })
  .nullable()
  .describe('what would take it back; null: nothing would');
const demo = z.literal(true).optional().describe('there and true when it is the embedded platform');

/** `act --json`, for one target. */
export const ActionResult = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ActionResult'),
  demo,
  verb: z.string(),
  target: z.string().describe('id; the word as it was given when it names nothing'),
  command: Text.describe('what an operator would have typed'),
  from: z.record(z.string(), z.string()),
  to: z.record(z.string(), z.string()),
  dryRun: z.boolean(),
  outcome: Outcome,
  reason: z.string().describe('how it ended, in words'),
  journalId: Text.describe('null: nothing was begun'),
  inverse: Inverse,
  exitCode: z.number().optional().describe('of the command that was run there; the exit code of `act` too'),
});

/** `act --json`, for several targets. */
export const ActionResultList = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ActionResultList'),
  items: z.array(ActionResult).describe('those that were not begun are left out'),
});

/** A line of `journal --json`. */
export const DeedOutput = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Deed'),
  demo,
  id: z.string(),
  at: Time,
  operator: z.string(),
  host: z.string().describe('where the program ran'),
  own: z.boolean().describe('it stands in the journal of this user; false: in a colleague’s, by the team store'),
  sshClient: Text.describe('address that the operator came from by SSH'),
  system: z.string().describe('who was at the other end'),
  identity: Text.describe('as whom, where the system knows users'),
  verb: z.string(),
  input: z.record(z.string(), z.string()),
  target: z.string(),
  targetUid: Text,
  targetVersion: Text.describe('of the target as the screen had it'),
  command: z.string(),
  risk: z.enum(['safe', 'disruptive', 'destructive']),
  changes: z.array(z.strictObject({ what: z.string(), from: z.string(), to: z.string() })),
  reason: Text,
  batch: Text.describe('several that were asked for together have the same'),
  outcome: Outcome.nullable().describe('null: how it ended is not known (yet)'),
  words: Text,
  endedAt: Time.nullable(),
  checkedLater: z.boolean().describe('found so later, after the program that did it had gone'),
  inverse: Inverse,
});

const Broken = z
  .strictObject({ record: z.number(), why: z.string() })
  .nullable()
  .describe('the first record that is not as it was written');

/** `journal --verify --json` */
export const JournalCheck = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('JournalCheck'),
  records: z.number(),
  broken: Broken,
  chains: z
    .array(
      z.strictObject({
        writer: z.string().describe('login and host'),
        writerId: z.string(),
        place: z.enum(['here', 'team']).describe('as kept here, or in the team store'),
        records: z.number(),
        broken: Broken,
      }),
    )
    .describe('the journals of colleagues, and all in the team store'),
  team: z
    .strictObject({ on: z.string(), error: Text.describe('why it could not be asked') })
    .nullable()
    .describe('null: the profile names none'),
});
