import { VERBS } from '../actions/verbs.ts';

/** What the command line understands. The help, the errors and the documentation are made from these two tables. */

export const COMMANDS = [
  {
    name: 'status',
    usage: 'status [--json] [--timeout 10s]',
    operands: [0, 0],
    help: 'Is it well? Problems first; the exit code says it too',
  },
  {
    name: 'get',
    usage: 'get KIND [--json] [--filter FILTER] [--sort FIELD] [--namespace NS | --all-namespaces]',
    operands: [1, 1],
    help: 'A table of nodes, workloads, pods, pools, directories, instances, routes, backups, checks, events, …',
  },
  {
    name: 'events',
    usage: 'events [--follow] [--since 2h] [--filter FILTER] [--json]',
    operands: [0, 0],
    help: 'What happened, from all sources; --json gives an object a line',
  },
  {
    name: 'doctor',
    usage: 'doctor [--json]',
    operands: [0, 0],
    help: 'What is configured, reachable and permitted, and what to do about each fault',
  },
  {
    name: 'act',
    usage:
      'act VERB TARGET… [--set NAME=VALUE] [--dry-run] [--yes] [--confirm NAME] [--reason TEXT] [--anyway] [--keep-going] [--json]',
    operands: [1, 1_000],
    help: 'Do something to a workload, pod or node: an id, a name, or kind/name',
  },
  {
    name: 'logs',
    usage: 'logs TARGET… [--follow] [--tail N] [--since 10m] [--previous] [--filter PATTERN]',
    operands: [1, 1_000],
    help: 'What pods and tasks write; of a workload, what all of its replicas write',
  },
  {
    name: 'journal',
    usage: 'journal [--since 2d] [--verify | --check] [--json]',
    operands: [0, 0],
    help: 'What was done, by whom, and how it ended; --verify checks that nothing was changed since',
  },
  {
    name: 'checklist',
    usage: 'checklist daily|weekly|monthly [--auto] [--json | --markdown] | checklist history [--since 30d] [--json]',
    operands: [1, 1],
    help: 'Run the probes of a checklist and keep the run; without --auto it is left to be confirmed on the screen',
  },
  {
    name: 'config',
    usage: 'config init [NAME] | config check [FILE] | config schema',
    operands: [1, 2],
    help: 'Write a profile from what is found here, check one, or print the schema for an editor',
  },
] as const satisfies Command[];

interface Command {
  name: string;
  usage: string;
  /** The least and the most words that stand after it. */
  operands: [least: number, most: number];
  help: string;
}
export type CommandName = (typeof COMMANDS)[number]['name'];

interface Flag {
  name: string;
  short?: string;
  /** What its value is called; without one it takes none. */
  value?: string;
  help: string;
  /** The commands that it belongs to; without them to all. */
  commands?: CommandName[];
  /** Not in the help. */
  hidden?: true;
}

const LIST = [
  { name: 'profile', value: 'FILE', help: 'the profile in this file' },
  { name: 'platform', value: 'NAME', help: 'the profile NAME.yaml in the configuration folder, or a built-in one' },
  { name: 'choose', help: 'the start screen, also where a saved profile would be opened by itself' },
  { name: 'demo', help: 'the embedded platform: nothing real is touched' },
  { name: 'demo-scale', value: 'PODS', help: 'how many pods it has, up to 10000' },
  { name: 'demo-scenario', value: 'NAME|FILE', help: 'what goes wrong in it; "still": nothing moves' },
  { name: 'demo-seed', value: 'N', help: 'another platform of the same shape' },
  { name: 'demo-changes', value: 'N', help: 'changes a second, up to 500' },
  { name: 'or-demo', help: 'the embedded platform where nothing else is found', hidden: true },
  { name: 'read-only', help: 'refuse every write' },
  { name: 'no-journal', help: 'write although the journal cannot be kept; each write then needs a reason' },
  { name: 'as', value: 'NAME', help: 'who acts, for the journal; else QD_OPERATOR, SUDO_USER or the login name' },
  { name: 'no-color', help: 'no colours, as with NO_COLOR' },
  { name: 'ascii', help: 'no characters beyond ASCII' },
  { name: 'clock', value: 'off|minutes|seconds', help: 'what the clock on the screen shows' },
  {
    name: 'json',
    help: 'for programs; docs/json.md tells the shapes',
    commands: ['status', 'get', 'events', 'doctor', 'act', 'journal', 'checklist'],
  },
  {
    name: 'timeout',
    value: 'DURATION',
    help: 'how long to wait for the sources (10s; for a checklist 30s)',
    commands: ['status', 'get', 'events', 'doctor', 'act', 'journal', 'logs', 'checklist'],
  },
  {
    name: 'filter',
    value: 'FILTER',
    help: 'text, /regex/, !not, cpu>500m age<2h status=bad|warn node=w1',
    commands: ['get', 'events', 'logs'],
  },
  {
    name: 'sort',
    value: 'FIELD',
    help: 'by this field of the filter language; -FIELD the other way',
    commands: ['get'],
  },
  {
    name: 'namespace',
    short: 'n',
    value: 'NS',
    help: 'of this namespace or stack only',
    commands: ['get', 'act', 'logs'],
  },
  { name: 'all-namespaces', short: 'A', help: 'of all namespaces, whatever the profile says', commands: ['get'] },
  { name: 'follow', short: 'f', help: 'go on until Ctrl-C', commands: ['events', 'logs'] },
  {
    name: 'since',
    value: 'DURATION',
    help: 'what happened in the last 30m, 2h, 3d',
    commands: ['events', 'journal', 'logs', 'checklist'],
  },
  { name: 'tail', value: 'N', help: 'so many of the last lines of each container (100)', commands: ['logs'] },
  { name: 'previous', help: 'of the container before this one', commands: ['logs'] },
  { name: 'set', value: 'NAME=VALUE', help: 'what the action has to be told; may be repeated', commands: ['act'] },
  { name: 'dry-run', help: 'say what would be done, and what the system says to it', commands: ['act'] },
  { name: 'yes', short: 'y', help: 'yes to what is disruptive', commands: ['act'] },
  { name: 'confirm', value: 'NAME', help: 'the name of the target, for what is destructive', commands: ['act'] },
  { name: 'reason', value: 'TEXT', help: 'why it is done, for the journal', commands: ['act'] },
  { name: 'anyway', help: 'although what is known is not fresh', commands: ['act'] },
  { name: 'keep-going', help: 'with the other targets, when one is not done', commands: ['act'] },
  { name: 'verify', help: 'whether the journal is as it was written', commands: ['journal'] },
  { name: 'check', help: 'look in the systems what became of what was cut off', commands: ['journal'] },
  { name: 'auto', help: 'nobody is asked: each item counts as its probes say', commands: ['checklist'] },
  { name: 'markdown', help: 'a report for a ticket', commands: ['checklist'] },
  { name: 'help', short: 'h', help: 'this text' },
  { name: 'version', short: 'v', help: 'the version' },
] as const satisfies Flag[];

export type FlagName = (typeof LIST)[number]['name'];
export const FLAGS: readonly (Flag & { name: FlagName })[] = LIST;

/** The text of `--help`. */
export function help(): string {
  const rows: [string, string][] = FLAGS.filter(({ hidden }) => !hidden).map(
    ({ name, short, value, help, commands }) => [
      `${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`,
      commands ? `${help} [${commands.join(', ')}]` : help,
    ],
  );
  return [
    'quarterdeck (or qd): a whole hosting platform, live on one screen.',
    '',
    'Usage:',
    ...pairs([
      ['quarterdeck', 'the screen; without a terminal, the status report'],
      ...COMMANDS.map(({ name, help }): [string, string] => [`quarterdeck ${name}`, help]),
    ]),
    '',
    'Commands:',
    ...COMMANDS.map(({ usage }) => `  quarterdeck ${usage}`),
    '',
    'Actions of act:',
    ...pairs(VERBS.map(({ name, help }): [string, string] => [name, help])),
    '',
    'Flags:',
    ...pairs(rows),
    '',
    'Exit codes: 0 well · 1 warnings · 2 something is bad · 3 a source is not live · 64 usage or profile · 70 own fault',
    'of act: 0 done · 1 refused · 2 failed · 3 unknown',
    'of checklist: 0 pass · 1 warning · 2 fail · 3 cannot tell',
    '',
  ].join('\n');
}

function pairs(rows: readonly [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
