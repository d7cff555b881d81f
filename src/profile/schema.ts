import * as z from 'zod';
import { ChecklistsSchema } from '../checklists/options.ts';
import { parseFilter } from '../filter/filter.ts';
import { type Action, KEYS, type Part } from '../keys/table.ts';
import { THRESHOLDS, type Thresholds } from '../model/thresholds.ts';
import { CephfsOptions } from '../sources/cephfs/options.ts';
import { HostOptions } from '../sources/host/options.ts';
import { HttpOptions } from '../sources/http/options.ts';
import { kubernetesOptions } from '../sources/kubernetes/options.ts';
import { MariadbOptions } from '../sources/mariadb/options.ts';
import { PostgresOptions } from '../sources/postgres/options.ts';
import { SwarmOptions } from '../sources/swarm/options.ts';
import { TeamOptions } from '../team/options.ts';
import { BUILT_IN } from './built-in.ts';

/** Part of file names and, for sources, of every id: no blank, no slash. */
const Name = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'must be a name of letters, digits, "-", "_" and "."');

const Source = z.discriminatedUnion('kind', [
  kubernetesOptions,
  SwarmOptions,
  PostgresOptions,
  MariadbOptions,
  CephfsOptions,
  HttpOptions,
  HostOptions,
]);

const Limits = z.strictObject(
  mapValues(THRESHOLDS, (usual, name) => {
    const limit = name.endsWith('Percent') ? z.number().min(0).max(100) : z.number().min(0);
    return limit.optional().describe(`${usual} when left out`);
  }),
);

const Key = z
  .string()
  .regex(/^((Ctrl|Alt|Shift)\+)*(\S|[A-Z][A-Za-z]+|F\d+)$/u, 'must be a key: j, G, F5, Space, Ctrl+l, PageDown');
const Keys = z
  .strictObject(Object.fromEntries(KEYS.map(({ action, help }) => [action, Key.optional().describe(help)])))
  .superRefine((keys, context) => {
    for (const clash of clashes(keys as Partial<Record<Action, string>>))
      context.addIssue({ code: 'custom', ...clash });
  });

/** Filters are read here, so that a rule that protects something cannot fail in silence. */
const Guard = z
  .strictObject({
    verbs: z
      .array(z.string().min(1))
      .optional()
      .describe('actions that it is about, and whatever else does the same: [scale, delete]; all when left out'),
    when: z
      .string()
      .refine(filter => parseFilter(filter).error === null, 'is no filter: look at docs/profile.md')
      .optional()
      .describe('what it is about, as a filter: "ns=prod status=ok"; everything when left out'),
    deny: z.string().min(1).optional().describe('it must not be done; this sentence says why'),
    confirm: z.enum(['y', 'name']).optional().describe('what must be typed, where the action itself asks for less'),
    reason: z.boolean().optional().describe('a reason must be given'),
    atMost: z.int().min(1).optional().describe('at most so many at once'),
  })
  .describe('of several rules that match, the strictest counts');

const Stack = z.strictObject({
  compose: z.string().min(1).describe('its compose file'),
  env: z.string().min(1).optional().describe('file with NAME=VALUE lines: the variables for it'),
});

/** A platform as its operators describe it: a file of theirs, laid over what it extends. */
export const ProfileSchema = z
  .strictObject({
    name: Name.default('platform').describe(
      'how the platform is called, in the header and for its files: as the file when left out',
    ),
    title: z.string().min(1).optional().describe('a longer name for the header: "acme · production"'),
    extends: z
      .enum(BUILT_IN)
      .optional()
      .describe('a built-in profile that this one is laid over; null takes away a key of it'),
    variables: z
      .record(z.string().regex(/^[\w-]+$/, 'must be a word'), z.union([z.string(), z.number()]))
      .default({})
      .describe('values for a name in $ and braces in any text of the profile'),
    sources: z.record(Name, Source).default({}).describe('what is watched, by a name of your own'),
    stacks: z
      .record(Name, Stack)
      .default({})
      .describe(
        'where the compose files of stacks are, for deploy-stack: {web: {compose: /srv/web.yml, env: /srv/.env}}',
      ),
    namespace: z.string().min(1).optional().describe('the namespace or stack that is shown first; 0 shows all'),
    guard: z.array(Guard).default([]).describe('what may be done to what, and what is asked for before'),
    groups: z
      .record(Name, z.array(z.string().min(1)).min(2))
      .default({})
      .describe(
        'workloads that are restarted together, by a name for them: {instance: [instance-service, instance-worker]}',
      ),
    checklists: ChecklistsSchema.prefault({}),
    team: TeamOptions.optional(),
    thresholds: Limits.default({}).describe('where well ends'),
    keys: Keys.default({}).describe('other keys for actions: {zoom: Z}'),
  })
  .describe('A profile of Quarterdeck');

export type Profile = Omit<z.output<typeof ProfileSchema>, 'keys' | 'thresholds'> & {
  keys: Partial<Record<Action, string>>;
  thresholds: Partial<Thresholds>;
};
export type ProfileInput = z.input<typeof ProfileSchema>;
/** A source with all its defaults, and as a profile writes it. */
export type SourceOptions = z.output<typeof Source>;
export type SourceInput = z.input<typeof Source>;

/** The schema for editors (JSON Schema, draft 2020-12). */
export function profileJsonSchema(): object {
  return z.toJSONSchema(ProfileSchema, { io: 'input' });
}

/** What the screen itself takes, whatever has focus, and which action may have it all the same. */
const RESERVED: Readonly<Record<string, { does: string; for?: Action }>> = {
  'ctrl+c': { does: 'closes what is open and, twice, quits' },
  'ctrl+z': { does: 'suspends the program' },
  esc: { does: 'is the key of back, everywhere', for: 'back' },
};

/** Actions that would answer to the same key: what is open everywhere is open in a list too. */
function* clashes(remapped: Partial<Record<Action, string>>): Generator<{ path: string[]; message: string }> {
  const taken: { key: string; action: Action; part: Part }[] = [];
  for (const { action, keys, part } of KEYS) {
    const own = remapped[action];
    const reserved = own && RESERVED[own.toLowerCase()];
    if (reserved && reserved.for !== action) {
      yield { path: [action], message: `"${own}" ${reserved.does}: it can be no other key` };
      continue;
    }
    for (const key of own ? [own] : keys) {
      const other = taken.findLast(one => one.key === key && meet(one.part, part))?.action;
      taken.push({ key, action, part });
      if (other === undefined) continue;
      const named = own ? action : other;
      yield { path: [named], message: `"${key}" is the key of ${named === action ? other : action} already` };
    }
  }
}

/**
 * Whether there is a place where keys of both parts count. What opens over the lists has its own keys before those of
 * everywhere.
 */
function meet(a: Part, b: Part): boolean {
  return a === b || (a === 'everywhere' && b === 'list') || (a === 'list' && b === 'everywhere');
}

function mapValues<K extends string, A, B>(of: Readonly<Record<K, A>>, to: (value: A, key: K) => B): Record<K, B> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value as A, key as K)])) as Record<K, B>;
}
