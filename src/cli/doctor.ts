import { coverages, examineSource, type Finding, fault } from '../fleet/examine.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isNotLive } from '../fleet/gaps.ts';
import type { TeamState } from '../model/team.ts';
import { sentence, type Trouble } from '../model/trouble.ts';
import type { SourceState } from '../sources/source.ts';
import { plain } from '../text/look.ts';
import { teamWords } from '../text/team-words.ts';
import { EXIT, type Io } from './io.ts';
import { API_VERSION, time } from './items.ts';
import { sourceJson } from './status.ts';
import type { Style } from './style.ts';

export interface DoctorInput {
  /** null where nothing is there to be watched. */
  fleet: Fleet | null;
  /** What was found of the engines of nodes. */
  engines: readonly Finding[];
  /** null where the profile names no store of a team. */
  team: TeamState | null;
  profile: { name: string | null; origin: string; folder: string };
  demo: boolean;
  version: string;
  /** Sentences about what was looked at and passed over. */
  passed: readonly string[];
  /** What failed on our side: the store. */
  troubles: readonly Trouble[];
}

/** The examination for programs. Exit 3: a source is not live; 1: anything else to mend; 0: nothing. */
export function doctorJson(input: DoctorInput, io: Io): { output: object; code: number } {
  const findings = examine(input, io);
  const output = {
    apiVersion: API_VERSION,
    kind: 'Doctor',
    ...(input.demo && { demo: true }),
    observedAt: time(io.now()),
    program: { version: input.version, node: process.version, system: `${process.platform} ${process.arch}` },
    terminal: terminalOf(io),
    profile: input.profile,
    sources: input.fleet?.sources().map(source => sourceOutput(source, input.fleet)) ?? [],
    findings,
  };
  return { output, code: codeOf(input, findings) };
}

/** The examination for people, with a ruler at its end that only eyes can read. */
export function doctorText(input: DoctorInput, io: Io, style: Style): { text: string; code: number } {
  const findings = examine(input, io);
  const { columns, rows, term, multiplexer, colorDepth, utf8 } = terminalOf(io);
  const lines = [
    ...(input.demo ? [style.paint('demo', 'demo: the embedded platform, nothing here is real')] : []),
    `quarterdeck ${input.version} · Node ${process.version} · ${process.platform} ${process.arch}`,
    `profile     ${input.profile.name ?? 'none'} · ${input.profile.origin}`,
    `terminal    ${term ?? 'none'}${columns === null ? '' : ` · ${columns}×${rows}`} · ${2 ** colorDepth > 2 ? `${2 ** colorDepth} colours` : 'no colours'}${utf8 ? ' · UTF-8' : ''}${multiplexer ? ` · in ${multiplexer}` : ''}`,
    '',
    ...findings.flatMap(finding => findingLines(finding, style)),
    '',
    toDo(findings),
    ...(columns === null || style.ascii ? [] : ['', ...RULER]),
  ];
  return { text: `${lines.map(line => plain(line, style.ascii)).join('\n')}\n`, code: codeOf(input, findings) };
}

/** What is well and has advice all the same, such as a metrics API that is not there, is no fault. */
function toDo(findings: readonly Finding[]): string {
  const faults = findings.filter(({ severity }) => severity !== 'ok').length;
  const advice = findings.filter(({ severity, fix }) => severity === 'ok' && fix !== null).length;
  const parts = [faults > 0 ? `${faults} to mend` : '', advice > 0 ? `${advice} could be added` : ''];
  return parts.filter(Boolean).join(', ') || 'nothing to mend';
}

/** What the screen draws and a terminal could draw wider than one column. */
const DRAWN = '●▲✖○◍◌◐·█▎▁–…→↑↓↵▸×±≥━┃';

const RULER = [
  'Both lines below must end in the same column; where they do not, start with --ascii:',
  `│${DRAWN}│`,
  `│${[...DRAWN].map((_, at) => at.toString(36)).join('')}│`,
];

function codeOf({ fleet }: DoctorInput, findings: readonly Finding[]): number {
  if (!fleet || fleet.sources().some(isNotLive)) return EXIT.notLive;
  return findings.some(({ severity }) => severity !== 'ok') ? EXIT.warnings : EXIT.well;
}

function examine({ fleet, engines, team, passed, troubles, profile }: DoctorInput, io: Io): Finding[] {
  return [
    ...(fleet ? fleet.sources().flatMap(source => examineSource(source, fleet)) : [nothing(profile.origin)]),
    ...engines,
    ...(team ? examineTeam(team) : []),
    ...passed.map((sentence): Finding => ({ severity: 'ok', what: 'passed over', why: sentence, fix: null })),
    ...troubles.map(fault('warn')),
    ...examineTerminal(io),
  ];
}

function examineTeam(team: TeamState): Finding[] {
  const { on, phase, forks, trouble, sql } = team;
  const what = `team store: ${phase} · ${on}`;
  const torn = forks.map((why): Finding => ({ severity: 'bad', what: 'team store: a journal', why, fix: NOT_MENDED }));
  if (phase === 'live') return [{ severity: 'ok', what, why: 'the journal is shared', fix: null }, ...torn];
  const fix = sql.length > 0 ? ['an administrator of that database runs:', ...sql].join('\n') : (trouble?.fix ?? null);
  return [{ severity: 'warn', what, why: trouble?.why ?? teamWords(team), fix }, ...torn];
}

const NOT_MENDED = 'quarterdeck journal --verify says more; nothing is changed there or here by itself';

function nothing(origin: string): Finding {
  return {
    severity: 'bad',
    what: 'nothing is there to be watched',
    why: origin,
    fix: 'set KUBECONFIG or DOCKER_HOST, or describe the platform: quarterdeck config init',
  };
}

function sourceOutput(source: SourceState, fleet: Fleet | null) {
  return {
    ...sourceJson(source),
    target: source.target,
    requests: fleet?.source(source.name)?.requests ?? 0,
    fix: source.trouble?.fix ?? null,
    kinds: Object.fromEntries(
      (fleet ? coverages(fleet, source.name) : []).map(([kind, coverage]) => {
        const trouble = 'trouble' in coverage ? coverage.trouble : null;
        return [
          kind,
          { state: coverage.state, error: trouble && sentence({ ...trouble, fix: null }), fix: trouble?.fix ?? null },
        ];
      }),
    ),
  };
}

function terminalOf({ isInteractive, columns, rows, colorDepth, env }: Io) {
  return {
    interactive: isInteractive,
    columns,
    rows,
    colorDepth,
    term: env.TERM || null,
    multiplexer: env.TMUX ? 'tmux' : env.STY ? 'screen' : null,
    utf8: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''),
  };
}

function examineTerminal(io: Io): Finding[] {
  const { interactive, columns, rows, term, utf8 } = terminalOf(io);
  if (!interactive) return [];
  const faults: Finding[] = [];
  if (term === null || term === 'dumb') {
    faults.push({
      severity: 'bad',
      what: 'terminal',
      why: `TERM is ${term ?? 'not set'}`,
      fix: 'export TERM=xterm-256color',
    });
  }
  if (!utf8) {
    faults.push({
      severity: 'warn',
      what: 'terminal',
      why: 'the locale is not UTF-8',
      fix: 'export LANG=C.UTF-8, or start with --ascii',
    });
  }
  if (columns !== null && rows !== null && (columns < 80 || rows < 24)) {
    faults.push({
      severity: 'warn',
      what: 'terminal',
      why: `${columns}×${rows} is small`,
      fix: 'at 80×24 one pane fits, at 120×32 all',
    });
  }
  return faults;
}

function findingLines({ severity, what, why, fix }: Finding, { ascii, paint }: Style): string[] {
  const sign = { ok: ascii ? 'o' : '●', warn: ascii ? '^' : '▲', bad: ascii ? 'x' : '✖' }[severity];
  return [
    `${paint(severity, sign)} ${what}`,
    ...(why ? [`    ${why}`] : []),
    ...(fix ? fix.split('\n').map((line, at) => paint('title', `    ${at === 0 ? '→' : ' '} ${line}`)) : []),
  ];
}
