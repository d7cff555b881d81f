import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArguments, UsageError } from '../../src/cli/arguments.ts';
import { COMMANDS, FLAGS, help } from '../../src/cli/usage.ts';

const parse = (line: string) => parseArguments(line.split(' ').filter(Boolean));
const refused = (line: string): string => {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'nothing';
};

test('nothing at all', () => {
  expect(parse('')).toMatchObject({
    command: null,
    operands: [],
    options: { demo: false, color: true, clock: 'minutes', timeoutSeconds: 10, filter: '', sinceSeconds: null },
  });
});

test.each([
  ['status --json --timeout 2s', { command: 'status', options: { json: true, timeoutSeconds: 2 } }],
  [
    'get pods -n saasodoo --sort -cpu',
    { command: 'get', operands: ['pods'], options: { namespace: 'saasodoo', sort: '-cpu' } },
  ],
  ['--platform prod get pods --filter=-x', { command: 'get', options: { platform: 'prod', filter: '-x' } }],
  ['get nodes -A', { options: { allNamespaces: true } }],
  ['events -f --since 2h', { command: 'events', options: { follow: true, sinceSeconds: 7200 } }],
  ['--demo-scale 500', { command: null, options: { demo: true, demoScale: 500 } }],
  ['--demo-scenario still --clock off', { options: { demo: true, demoScenario: 'still', clock: 'off' } }],
  [
    '--no-color --ascii --read-only --or-demo --choose',
    { options: { color: false, ascii: true, readOnly: true, orDemo: true, choose: true } },
  ],
  ['config check some.yaml', { command: 'config', operands: ['check', 'some.yaml'] }],
  ['--json', { command: null, options: { json: true } }],
])('%s', (line, expected) => expect(parse(line)).toMatchObject(expected));

describe('a mistake is one sentence that names what was meant', () => {
  test.each([
    ['--platfrm prod', 'unknown flag --platfrm; did you mean --platform?'],
    ['-x', 'unknown flag -x'],
    ['stauts', 'unknown command "stauts"; did you mean status?'],
    ['launch', 'unknown command "launch"; known: status, get, events, doctor, act, logs, journal, checklist, config'],
    ['get', expect.stringMatching(/^get what\? quarterdeck get KIND/)],
    ['get pods nodes', expect.stringMatching(/^"nodes" is one word too many: quarterdeck get KIND/)],
    ['status --follow', '--follow belongs to events and logs, not to status'],
    ['--filter x', '--filter belongs to get and events and logs'],
    ['--demo --platform prod', '--platform and --demo exclude each other'],
    ['--platform prod --demo-scale 500', '--platform and --demo-scale exclude each other'],
    ['--choose --demo', '--choose and --demo exclude each other'],
    ['--choose --platform prod', '--platform and --choose exclude each other'],
    ['--profile a --platform b', '--profile and --platform exclude each other'],
    ['get pods -A -n x', '--namespace and --all-namespaces exclude each other'],
    ['--demo-scale many', '--demo-scale takes a whole number from 1 to 10000, not "many"'],
    ['--demo-scale 20000', '--demo-scale takes a whole number from 1 to 10000, not "20000"'],
    ['status --timeout soon', '--timeout takes a duration such as 30s, 5m or 2h, not "soon"'],
    ['--clock minute', '--clock is one of off, minutes, seconds, not "minute"; did you mean minutes?'],
    ['--demo=yes', '--demo takes no value'],
    ['get pods --filter', '--filter needs a value: --filter FILTER'],
    ['get pods --filter --json', '--filter needs a value: --filter FILTER'],
    ['--profile=', '--profile needs a value: --profile FILE'],
  ])('%s', (line, told) => expect(refused(line)).toEqual(told));
});

test('whatever is typed is understood or refused in words', () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...COMMANDS.map(({ name }) => name),
      ...FLAGS.map(({ name }) => `--${name}`),
      '-n',
      '-',
      '--',
      '=',
      '--no-json',
    ),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), argv => {
      try {
        expect(parseArguments(argv).options.timeoutSeconds).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        expect(error.message).not.toBe('');
      }
    }),
  );
});

test('the help names every command and every flag', () => {
  for (const { name } of COMMANDS) expect(help()).toContain(`quarterdeck ${name}`);
  for (const { name, hidden } of FLAGS) expect(help().includes(`--${name}`)).toBe(!hidden);
});
