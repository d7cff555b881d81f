import { parseArgs } from 'node:util';
import { didYouMean } from '../text/nearest.ts';
import { parseDuration } from '../text/quantity.ts';
import { COMMANDS, type CommandName, FLAGS, type FlagName } from './usage.ts';

/** The command line cannot be obeyed; the message says why in one sentence. Exit code 64. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export interface Arguments {
  /** null: none was given, so the screen, or the status report where there is no terminal. */
  command: CommandName | null;
  /** What stands after the command: a kind; init, check or schema, and their file. */
  operands: string[];
  options: Options;
}

export interface Options {
  profile: string | null;
  platform: string | null;
  /** The start screen asks, whatever profile there is. */
  choose: boolean;
  demo: boolean;
  /** Pods of the embedded platform. */
  demoScale: number | null;
  demoScenario: string | null;
  demoSeed: number | null;
  /** Changes a second. */
  demoChanges: number | null;
  /** The embedded platform where nothing else is found: what `npm start` does. */
  orDemo: boolean;
  readOnly: boolean;
  /** A write is not refused because the journal cannot be kept; it needs a reason. */
  noJournal: boolean;
  /** Who acts, where it is not the login name. */
  as: string | null;
  color: boolean;
  ascii: boolean;
  clock: 'off' | 'minutes' | 'seconds';
  json: boolean;
  timeoutSeconds: number;
  filter: string;
  /** A field, with `-` in front for the other way round. */
  sort: string | null;
  namespace: string | null;
  allNamespaces: boolean;
  follow: boolean;
  sinceSeconds: number | null;
  /** Lines of each container. */
  tail: number | null;
  previous: boolean;
  /** `NAME=VALUE`, as often as it was given. */
  set: string[];
  dryRun: boolean;
  yes: boolean;
  confirm: string | null;
  reason: string | null;
  anyway: boolean;
  keepGoing: boolean;
  verify: boolean;
  check: boolean;
  auto: boolean;
  markdown: boolean;
  help: boolean;
  version: boolean;
}

/** @param argv without the program's own two. Throws a UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      FLAGS.map(({ name, short, value }) => [
        name,
        { type: value ? ('string' as const) : ('boolean' as const), ...(short && { short }) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    allowNegative: false,
    tokens: true,
  });
  const given = new Map<FlagName, string>();
  const words: string[] = [];
  const set: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const [name, value] = flagOf(token);
    given.set(name, value);
    if (name === 'set') set.push(value);
  }
  // Who asks for help need not get the rest right.
  if (given.has('help') || given.has('version')) return { command: null, operands: [], options: optionsOf(given, set) };
  const [word, ...operands] = words;
  const command = word === undefined ? null : commandOf(word);
  for (const name of given.keys()) refuseElsewhere(name, command);
  checkOperands(command, operands);
  return { command, operands, options: optionsOf(given, set, command) };
}

type OptionToken = {
  name: string;
  rawName: string;
  value?: string | boolean | undefined;
  inlineValue?: boolean | undefined;
};

function flagOf({ name, rawName, value, inlineValue }: OptionToken): [FlagName, string] {
  const flag = FLAGS.find(flag => flag.name === name);
  if (!flag) {
    throw new UsageError(
      `unknown flag ${rawName}${didYouMean(
        rawName,
        FLAGS.map(({ name }) => `--${name}`),
      )}`,
    );
  }
  if (flag.value && (typeof value !== 'string' || value === '')) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value}`);
  }
  if (!flag.value && inlineValue) throw new UsageError(`${rawName} takes no value`);
  // `--filter --json`: the next flag was taken for the value. A filter or field may begin with one "-".
  if (flag.value && !inlineValue && typeof value === 'string' && /^--\w/.test(value)) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value}`);
  }
  return [flag.name, typeof value === 'string' ? value : ''];
}

function commandOf(word: string): CommandName {
  const found = COMMANDS.find(({ name }) => name === word);
  if (found) return found.name;
  const names = COMMANDS.map(({ name }) => name);
  throw new UsageError(`unknown command "${word}"${didYouMean(word, names) || `; known: ${names.join(', ')}`}`);
}

function refuseElsewhere(name: FlagName, command: CommandName | null): void {
  const flag = FLAGS.find(flag => flag.name === name);
  const commands = flag?.commands;
  if (!commands || (command !== null && commands.includes(command))) return;
  // A bare `--json` means the report that a pipe would get.
  if (command === null && commands.includes('status')) return;
  throw new UsageError(`--${name} belongs to ${commands.join(' and ')}${command ? `, not to ${command}` : ''}`);
}

function checkOperands(command: CommandName | null, operands: readonly string[]): void {
  const known = COMMANDS.find(({ name }) => name === command);
  const [least, most] = known?.operands ?? [0, 0];
  if (operands.length < least) throw new UsageError(`${command} what? quarterdeck ${known?.usage}`);
  const extra = operands[most];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many: quarterdeck ${known?.usage ?? ''}`);
}

/** What is looked for once a day may wait longer for an answer. */
const TIMEOUT_SECONDS = 10;
const CHECKLIST_TIMEOUT_SECONDS = 30;

function optionsOf(given: ReadonlyMap<FlagName, string>, set: string[], command: CommandName | null = null): Options {
  const text = (name: FlagName) => given.get(name) ?? null;
  const demo = ['demo', 'demo-scale', 'demo-scenario', 'demo-seed', 'demo-changes'] as const;
  const options: Options = {
    profile: text('profile'),
    platform: text('platform'),
    choose: given.has('choose'),
    demo: demo.some(name => given.has(name)),
    demoScale: integer(given, 'demo-scale', 1, 10_000),
    demoScenario: text('demo-scenario'),
    demoSeed: integer(given, 'demo-seed', 0, 2 ** 32 - 1),
    demoChanges: integer(given, 'demo-changes', 0, 500),
    orDemo: given.has('or-demo'),
    readOnly: given.has('read-only'),
    noJournal: given.has('no-journal'),
    as: text('as'),
    color: !given.has('no-color'),
    ascii: given.has('ascii'),
    clock: oneOf(given, 'clock', ['off', 'minutes', 'seconds']) ?? 'minutes',
    json: given.has('json'),
    timeoutSeconds:
      seconds(given, 'timeout', 3_600) ?? (command === 'checklist' ? CHECKLIST_TIMEOUT_SECONDS : TIMEOUT_SECONDS),
    filter: text('filter') ?? '',
    sort: text('sort'),
    namespace: text('namespace'),
    allNamespaces: given.has('all-namespaces'),
    follow: given.has('follow'),
    sinceSeconds: seconds(given, 'since', Number.POSITIVE_INFINITY),
    set,
    tail: integer(given, 'tail', 0, 1_000_000),
    previous: given.has('previous'),
    dryRun: given.has('dry-run'),
    yes: given.has('yes'),
    confirm: text('confirm'),
    reason: text('reason'),
    anyway: given.has('anyway'),
    keepGoing: given.has('keep-going'),
    verify: given.has('verify'),
    check: given.has('check'),
    auto: given.has('auto'),
    markdown: given.has('markdown'),
    help: given.has('help'),
    version: given.has('version'),
  };
  for (const flag of demo) exclusive(given, ['profile', 'platform', 'choose', flag]);
  exclusive(given, ['namespace', 'all-namespaces']);
  exclusive(given, ['verify', 'check']);
  exclusive(given, ['json', 'markdown']);
  return options;
}

function integer(given: ReadonlyMap<FlagName, string>, name: FlagName, least: number, most: number): number | null {
  const value = given.get(name);
  if (value === undefined) return null;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${value}"`);
}

function seconds(given: ReadonlyMap<FlagName, string>, name: FlagName, most: number): number | null {
  const value = given.get(name);
  if (value === undefined) return null;
  const duration = parseDuration(value);
  if (duration === null || duration <= 0)
    throw new UsageError(`--${name} takes a duration such as 30s, 5m or 2h, not "${value}"`);
  if (duration > most) throw new UsageError(`--${name} takes at most ${most} s`);
  return duration;
}

function oneOf<T extends string>(given: ReadonlyMap<FlagName, string>, name: FlagName, values: readonly T[]): T | null {
  const value = given.get(name);
  if (value === undefined) return null;
  const found = values.find(known => known === value);
  if (found) return found;
  throw new UsageError(`--${name} is one of ${values.join(', ')}, not "${value}"${didYouMean(value, values)}`);
}

function exclusive(given: ReadonlyMap<FlagName, string>, names: readonly FlagName[]): void {
  const [first, second] = names.filter(name => given.has(name));
  if (first && second) throw new UsageError(`--${first} and --${second} exclude each other`);
}
