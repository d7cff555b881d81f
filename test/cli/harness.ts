import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { type Dependencies, run } from '../../src/cli/run.ts';
import type { Findings } from '../../src/discovery/found.ts';
import type { Sink, Source, SourceKind } from '../../src/sources/source.ts';

/** 14:03 on a Monday. */
export const NOW = Date.UTC(2026, 10, 23, 14, 3);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qd-cli-'));
  folders.push(folder);
  return folder;
}

export interface FakeIo extends Io {
  stdout: string;
  stderr: string;
  end(): void;
}

/** The world of a command: a home of its own, no terminal unless `columns` are given. */
export function fakeIo({ columns = null as number | null, env = {}, now = () => NOW } = {}): FakeIo {
  const home = tempFolder();
  const ending = new AbortController();
  const io: FakeIo = {
    stdout: '',
    stderr: '',
    out: text => {
      io.stdout += text;
    },
    err: text => {
      io.stderr += text;
    },
    columns,
    rows: columns === null ? null : 40,
    isInteractive: columns !== null,
    colorDepth: 1,
    env: {
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_STATE_HOME: join(home, 'state'),
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      ...env,
    },
    now,
    signal: ending.signal,
    end: () => ending.abort(),
  };
  return io;
}

export type Script = (sink: Sink) => void;

/** A source that does what the test says. */
export function fakeSource(name: string, kind: SourceKind, script: Script): Source & { stopped: number } {
  return {
    name,
    kind,
    requests: 3,
    stopped: 0,
    start: script,
    async stop() {
      this.stopped++;
    },
  };
}

/** Sources by name, as `kubernetes: sink => …`; the name is the kind. */
export type Scripts = Partial<Record<SourceKind, Script>>;

const OPTIONS: Record<SourceKind, string> = {
  kubernetes: '{ kind: kubernetes }',
  swarm: '{ kind: swarm }',
  postgres: '{ kind: postgres, pools: { servers: { a: { host: 127.0.0.1 } } } }',
  mariadb: '{ kind: mariadb, servers: { a: { host: 127.0.0.1, user: a } } }',
  cephfs: '{ kind: cephfs, mount: /mnt/cephfs, directories: ["*"] }',
  http: '{ kind: http, checks: [{ name: web, url: "http://127.0.0.1/" }] }',
  host: '{ kind: host }',
};

export interface Played {
  code: number;
  stdout: string;
  stderr: string;
  json: unknown;
}

/** Runs a command against scripted sources that a profile of theirs names. */
export async function play(
  line: string,
  scripts: Scripts,
  { io = fakeIo(), extra = '' }: { io?: FakeIo; extra?: string } = {},
): Promise<Played> {
  const file = join(tempFolder(), 'prod.yaml');
  const kinds = Object.keys(scripts) as SourceKind[];
  writeFileSync(file, `${extra}\nsources:\n${kinds.map(kind => `  ${kind}: ${OPTIONS[kind]}\n`).join('')}`);
  const code = await play0([...words(line), '--profile', file], io, {
    create: async (name, { kind }) => fakeSource(name, kind, scripts[kind] ?? (() => {})),
  });
  return { code, stdout: io.stdout, stderr: io.stderr, json: parsed(io.stdout) };
}

/** Runs a command with nothing on the machine but what is given; the screen is no answer here. */
export async function play0(argv: string[], io: FakeIo, dependencies: Partial<Dependencies> = {}): Promise<number> {
  const outcome = await run(argv, io, { discover: async () => NOTHING, log: () => {}, ...dependencies });
  if (typeof outcome !== 'number') throw new Error('the screen was opened');
  return outcome;
}

export const NOTHING: Findings = { found: [], passed: [] };

export const words = (line: string): string[] =>
  line.match(/(?:[^\s']|'[^']*')+/g)?.map(word => word.replaceAll("'", '')) ?? [];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Live, with complete lists of these kinds and nothing else in them. */
export function live(...kinds: Parameters<Sink['coverage']>[0][]): Script {
  return sink => {
    sink.state({ phase: 'live', proof: true });
    for (const kind of kinds) sink.list(kind).end();
  };
}
