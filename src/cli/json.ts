import * as z from 'zod';
import { API_VERSION } from './items.ts';
import { Amount, EventItem, Health, Item, Text, Time } from './json-items.ts';

/** The shapes of all JSON that the command line prints (docs/json.md tells them to people). */

const demo = z.literal(true).optional().describe('there and true when it is the embedded platform');
const envelope = { apiVersion: z.literal(API_VERSION), demo };

/** `get KIND --json` */
export const ListOutput = z.strictObject({
  ...envelope,
  kind: z.templateLiteral([z.string(), 'List']),
  observedAt: Time,
  incomplete: z
    .array(z.strictObject({ source: z.string(), error: z.string() }))
    .describe('sources that should have told more: with any in it, the list may lack what is there'),
  items: z.array(Item).describe('see Items'),
});

/** A line of `events --json` */
export const EventOutput = EventItem.extend(envelope);

const SourceOutput = z.strictObject({
  name: z.string(),
  kind: z.enum(['kubernetes', 'swarm', 'postgres', 'mariadb', 'cephfs', 'http', 'host']),
  state: z.enum(['unset', 'connecting', 'live', 'stale', 'refused', 'off']),
  since: Time.describe('when this state began'),
  observedAt: Time.nullable().describe('the last proof of life'),
  error: Text,
});

const Count = z.strictObject({
  total: z.number(),
  ok: z.number(),
  busy: z.number(),
  warn: z.number(),
  bad: z.number(),
  off: z.number(),
  unknown: z.number(),
  complete: z.boolean().describe('false: not every source that tells of these has told all'),
});

/** `status --json` */
export const StatusOutput = z.strictObject({
  ...envelope,
  kind: z.literal('Status'),
  platform: z.string(),
  observedAt: Time,
  health: z.enum(['ok', 'warn', 'bad', 'unknown']),
  sources: z.array(SourceOutput),
  counts: z
    .record(z.string(), Count.nullable())
    .describe('by kind: {total, ok, busy, warn, bad, off, unknown, complete}; null: nobody can tell'),
  problems: z.array(
    z.strictObject({ id: z.string(), kind: z.string(), name: z.string(), health: Health, reason: Text }),
  ),
});

const finding = z.strictObject({
  severity: z.enum(['ok', 'warn', 'bad']),
  what: z.string(),
  why: Text,
  fix: Text,
});

/** `doctor --json` */
export const DoctorOutput = z.strictObject({
  ...envelope,
  kind: z.literal('Doctor'),
  observedAt: Time,
  program: z.strictObject({ version: z.string(), node: z.string(), system: z.string() }),
  terminal: z.strictObject({
    interactive: z.boolean(),
    columns: Amount,
    rows: Amount,
    colorDepth: z.number(),
    term: Text,
    multiplexer: z.enum(['tmux', 'screen']).nullable(),
    utf8: z.boolean(),
  }),
  profile: z.strictObject({ name: Text, origin: z.string(), folder: z.string() }),
  sources: z.array(
    SourceOutput.extend({
      target: Text,
      requests: z.number(),
      fix: Text,
      kinds: z.record(
        z.string(),
        z.strictObject({
          state: z.enum(['asking', 'complete', 'forbidden', 'failed', 'absent']),
          error: Text,
          fix: Text,
        }),
      ),
    }),
  ),
  findings: z.array(finding),
});
