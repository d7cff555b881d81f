import type { Timeline } from './timeline.ts';

/** What a command in a container can say, and to whom. */
export interface Console {
  stdout(text: string): void;
  stderr(text: string): void;
  exit(code: number): void;
}

export interface Shell {
  input(bytes: Buffer): void;
  /** Nothing more will be typed. */
  end(): void;
  resize(columns: number, rows: number): void;
}

export interface ShellOptions {
  command: string[];
  tty: boolean;
  hostname: string;
  env: Record<string, string>;
  timeline: Timeline;
}

const FILES = ['bin', 'dev', 'etc', 'home', 'lib', 'mnt', 'proc', 'root', 'tmp', 'usr', 'var'];
const SHELLS = ['sh', 'bash', '/bin/sh', '/bin/bash', 'ash'];
const PROMPT = '/ # ';

/**
 * A process in a container of the embedded platform: a few commands, and a shell that takes them line by line. null when
 * there is no such program. It is enough to try out how a terminal is handed over, and no more.
 */
export function startShell(options: ShellOptions, out: Console): Shell | null {
  const { command, tty } = options;
  const [program = ''] = command;
  const size = { columns: 80, rows: 24 };
  const context: Context = { ...options, out, size };
  let isOver = false;
  const finish = (code: number) => {
    if (isOver) return;
    isOver = true;
    out.exit(code);
  };
  const done = (outcome: Outcome) => finish(outcome.code);
  let typed: ((line: string) => void) | null = null;
  let end = () => {};
  if (SHELLS.includes(program) && command[1] === '-c') script(command[2] ?? '', context, done);
  else if (SHELLS.includes(program)) {
    const prompt = () => tty && out.stdout(PROMPT);
    let last = 0;
    typed = line =>
      script(line, context, ({ code, isExit }) => {
        last = code;
        if (isExit) finish(code);
        else prompt();
      });
    end = () => finish(last);
    prompt();
  } else if (program === 'cat' && command.length === 1) {
    typed = line => out.stdout(`${line}\n`);
    end = () => finish(0);
  } else if (COMMANDS[program]) run(command, context, done);
  else return null;
  const keys = lineReader(tty, out, line => !isOver && typed?.(line), end);
  return {
    input: bytes => !isOver && keys.type(bytes.toString()),
    end: () => !isOver && keys.end(),
    resize(columns, rows) {
      Object.assign(size, { columns, rows });
    },
  };
}

interface Context extends ShellOptions {
  out: Console;
  size: { columns: number; rows: number };
}

interface Outcome {
  code: number;
  isExit: boolean;
}

type Command = (args: string[], context: Context, done: (code: number) => void) => void;

const say =
  (text: (args: string[], context: Context) => string): Command =>
  (args, context, done) => {
    context.out.stdout(text(args, context));
    done(0);
  };

const COMMANDS: Record<string, Command> = {
  echo: say(args => `${args.join(' ')}\n`),
  ls: say((_, { tty }) => (tty ? `${FILES.join('  ')}\n` : `${FILES.join('\n')}\n`)),
  pwd: say(() => '/\n'),
  whoami: say(() => 'root\n'),
  hostname: say((_, { hostname }) => `${hostname}\n`),
  date: say((_, { timeline }) => `${new Date(timeline.now).toUTCString()}\n`),
  env: say((_, { env }) =>
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  ),
  stty: say((_, { size }) => `${size.rows} ${size.columns}\n`),
  pg_isready: say(() => 'localhost:5432 - accepting connections\n'),
  true: (_, __, done) => done(0),
  false: (_, __, done) => done(1),
  sleep: ([seconds = '0'], { timeline }, done) => void timeline.after(Number(seconds) * 1000, () => done(0)),
};

/** Commands one after the other: `a; b && c`. */
function script(text: string, context: Context, done: (outcome: Outcome) => void): void {
  const parts = text.split(/(;|&&|\|\||\n)/).map(part => part.trim());
  let code = 0;
  const next = (index: number): void => {
    const line = parts[index];
    if (line === undefined) return done({ code, isExit: false });
    const isSkipped = parts[index - 1] === '&&' ? code !== 0 : parts[index - 1] === '||' && code === 0;
    if (!line || isSkipped) return next(index + 2);
    run(wordsOf(line, context), context, outcome => {
      code = outcome.code;
      if (outcome.isExit) done(outcome);
      else next(index + 2);
    });
  };
  next(0);
}

function run([program = '', ...args]: string[], context: Context, done: (outcome: Outcome) => void): void {
  const ended = (code: number) => done({ code, isExit: false });
  if (program === 'exit') return done({ code: Number(args[0] ?? 0) & 255, isExit: true });
  const command = COMMANDS[program];
  if (command) return command(args, context, ended);
  context.out.stderr(`sh: ${program}: not found\n`);
  ended(127);
}

function wordsOf(line: string, { env }: Context): string[] {
  const words = line.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.map(word => {
    if (word.startsWith("'")) return word.slice(1, -1);
    const text = word.startsWith('"') ? word.slice(1, -1) : word;
    return text.replace(/\$(\w+)/g, (_, name: string) => env[name] ?? '');
  });
}

/** What is typed, line by line; with a terminal it is echoed and can be mended, as a terminal's driver does. */
function lineReader(tty: boolean, out: Console, told: (line: string) => void, ended: () => void) {
  let line = '';
  const enter = () => {
    const whole = line;
    line = '';
    told(whole);
  };
  return {
    type(text: string): void {
      for (const key of text) {
        if (key === '\n' || key === '\r') {
          if (tty) out.stdout('\r\n');
          enter();
        } else if (tty && key === '\x04') {
          if (!line) ended();
        } else if (tty && key === '\x03') {
          line = '';
          out.stdout(`^C\r\n${PROMPT}`);
        } else if (tty && key === '\x7f') {
          if (line) out.stdout('\b \b');
          line = line.slice(0, -1);
        } else {
          line += key;
          if (tty) out.stdout(key);
        }
      }
    },
    end(): void {
      if (line) enter();
      ended();
    },
  };
}
