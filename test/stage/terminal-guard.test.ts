import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { canBeContinued, isForeground, type Relation } from '../../src/stage/job-control.ts';
import { guardTerminal } from '../../src/stage/terminal-guard.ts';
import { emulate } from './emulator.ts';

interface Given {
  end?: (code: number) => void;
  continuable?: boolean;
  foreground?: boolean;
}

function guarded({ end, continuable = true, foreground = true }: Given = {}) {
  const calls: string[] = [];
  const program = Object.assign(new EventEmitter(), {
    exit: (code: number) => void calls.push(`exit ${code}`),
    kill: (pid: number, signal: string) => void calls.push(`kill ${pid} ${signal}`),
  });
  const stdin = {
    isTTY: true,
    isRaw: true,
    setRawMode(raw: boolean) {
      calls.push(`raw ${raw}`);
      stdin.isRaw = raw;
    },
  };
  const call = (name: string) => () => void calls.push(name);
  const guard = guardTerminal({
    stage: { close: call('close'), suspend: call('suspend'), resume: call('resume') },
    stdin,
    log: line => void calls.push(`log ${line.split('\n')[0]}`),
    stderr: { write: text => void calls.push(`told ${text.split('\n').slice(0, 2).join('|')}`) },
    process: program,
    jobs: { canBeContinued: () => continuable, isForeground: () => foreground },
    ...(end && { end }),
  });
  return { calls, program, guard };
}

describe('a signal', () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s restores the terminal and exits with %d', (signal, code) => {
    const { calls, program } = guarded();
    program.emit(signal);
    expect(calls).toEqual(['close', 'raw false', `exit ${code}`]);
  });

  it('leaves the orderly end to the program, a second one does not wait for it', () => {
    const end = vi.fn();
    const { calls, program } = guarded({ end });
    program.emit('SIGTERM');
    expect(end).toHaveBeenCalledWith(143);
    expect(calls).toEqual(['close', 'raw false']);
    program.emit('SIGINT');
    expect(calls.at(-1)).toBe('exit 130');
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('does not wait for ever for the orderly end', () => {
    vi.useFakeTimers();
    const { calls, program } = guarded({ end: () => {} });
    program.emit('SIGHUP');
    vi.advanceTimersByTime(60_000);
    expect(calls.at(-1)).toBe('exit 129');
  });

  it('is not needed: any exit restores', () => {
    const { calls, program } = guarded();
    program.emit('exit', 0);
    expect(calls).toEqual(['close', 'raw false']);
  });

  it('is heard no more once the guard is closed', () => {
    const { calls, program, guard } = guarded();
    guard.close();
    for (const event of ['SIGTERM', 'SIGCONT', 'SIGTSTP', 'exit', 'uncaughtException']) program.emit(event);
    expect(calls).toEqual([]);
    expect(program.eventNames()).toEqual([]);
  });
});

describe('a fault', () => {
  it.each(['uncaughtException', 'unhandledRejection'])('%s is told after the terminal is restored', event => {
    const { calls, program } = guarded();
    program.emit(event, new Error('boom \x1b[2J password=hunter2'));
    expect(calls).toEqual([
      'close',
      'raw false',
      'log fault: Error: boom \x1b[2J password=hunter2',
      'told quarterdeck: a fault of its own ended it|Error: boom ␛[2J password=********',
      'exit 70',
    ]);
  });

  it('may be no Error at all', () => {
    const { calls, program } = guarded();
    program.emit('unhandledRejection', undefined);
    expect(calls.at(-2)).toContain('undefined');
    expect(calls.at(-1)).toBe('exit 70');
  });
});

describe('suspending', () => {
  it('gives the terminal back, stops the group, and takes the terminal again', () => {
    const { calls, program, guard } = guarded();
    expect(guard.suspend()).toBe(true);
    expect(calls.splice(0)).toEqual(['suspend', 'raw false', 'kill 0 SIGSTOP']);
    program.emit('SIGCONT');
    expect(calls).toEqual(['raw false', 'raw true', 'resume']);
  });

  it('from outside does the same', () => {
    const { calls, program } = guarded();
    program.emit('SIGTSTP');
    expect(calls).toEqual(['suspend', 'raw false', 'kill 0 SIGSTOP']);
  });

  it('when the shell is back already leaves its terminal modes alone', () => {
    const { calls, program } = guarded({ foreground: false });
    program.emit('SIGTSTP');
    expect(calls).toEqual(['suspend', 'kill 0 SIGSTOP']);
  });

  it('is done once for two signals, as when the group and the launcher each send one', () => {
    const { calls, program } = guarded();
    program.emit('SIGTSTP');
    program.emit('SIGTSTP');
    program.emit('SIGCONT');
    program.emit('SIGCONT');
    expect(calls.filter(call => call === 'kill 0 SIGSTOP')).toHaveLength(1);
    program.emit('SIGTSTP');
    expect(calls.filter(call => call === 'kill 0 SIGSTOP')).toHaveLength(2);
  });

  it('is refused where nobody would continue it', () => {
    const { calls, guard } = guarded({ continuable: false });
    expect(guard.suspend()).toBe(false);
    expect(calls).toEqual(['log not suspended: no shell with job control is there to continue it']);
  });
});

describe('a process group', () => {
  /** launcher 20 and its child 21 in one group, started by `parent`. */
  const table = (parent: Relation | null): Record<number, Relation | null> => ({
    21: { parent: 20, group: 20, session: 's', foreground: 20 },
    20: { parent: 10, group: 20, session: 's', foreground: 20 },
    10: parent,
  });

  it.each([
    ['a shell in the same session', { parent: 1, group: 10, session: 's', foreground: 20 }, true],
    ['sshd, in another session', { parent: 1, group: 10, session: 'other', foreground: 20 }, false],
    ['nobody that can be seen', null, false],
  ])('started by %s: %j, can be continued: %s', (_, parent, expected) => {
    expect(canBeContinued(21, pid => table(parent)[pid] ?? null)).toBe(expected);
  });

  it('that is a session of its own cannot', () => {
    expect(canBeContinued(1, () => ({ parent: 0, group: 1, session: '1', foreground: 1 }))).toBe(false);
  });

  it.each([
    [20, true],
    [10, false],
  ])('has the terminal when that is with group %d: %s', (foreground, expected) => {
    expect(isForeground(20, () => ({ parent: 10, group: 20, session: 's', foreground }))).toBe(expected);
  });
});

describe('in a real terminal', () => {
  const fixture = fileURLToPath(new URL('fixtures/guarded.ts', import.meta.url));
  const run = `"${process.execPath}" "${fixture}"`;
  const open: IPty[] = [];
  afterEach(() => {
    for (const pty of open.splice(0)) pty.kill('SIGKILL');
  });

  function terminal(command: string, args: string[]) {
    const emulator = emulate(70, 20);
    const pty = spawn(command, args, { cols: 70, rows: 20, env: { ...process.env, PS1: '$ ', ENV: '' } });
    open.push(pty);
    let code: number | null = null;
    pty.onExit(({ exitCode }) => {
      code = exitCode;
    });
    pty.onData(data => void emulator.write(data));
    const text = () => emulator.lines().join('\n');
    return {
      pty,
      type: (keys: string) => pty.write(keys),
      /** Waits until the screen shows it. */
      shows: (wanted: RegExp | string) => expect.poll(text, { timeout: 15_000 }).toMatch(wanted),
      kind: () => emulator.terminal.buffer.active.type,
      modes: () => emulator.terminal.modes,
      text,
      pid: () => Number(/pid (\d+)\./.exec(text())?.[1]),
      code: () => code,
    };
  }

  const shell = () => terminal('/bin/sh', ['-i']);

  it.each([
    ['alone', run],
    ['with a parent in its group', `sh -c '${run.replaceAll('"', '')}; exit $?'`],
  ])('suspends and comes back: %s', async (_, command) => {
    const { type, shows, kind, modes, text } = shell();
    type(`${command}\r`);
    await shows('keys 0 ready');
    expect(kind()).toBe('alternate');
    type('\x1a');
    await shows(/stopped/i);
    expect(kind()).toBe('normal');
    expect(modes()).toMatchObject({ bracketedPasteMode: false, mouseTrackingMode: 'none' });
    type('echo ali""ve\r');
    await shows(/^alive$/m);
    type('fg\r');
    await shows('keys 1');
    expect(kind()).toBe('alternate');
    type('j');
    await shows('keys 2');
    type('q');
    await shows('alive');
    expect(kind()).toBe('normal');
    type('echo code=$?\r');
    await shows(/code=0$/m);
    expect(text()).not.toContain('keys');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('restores on %s, exit %d', async (signal, code) => {
    const { type, shows, kind, modes, pid } = shell();
    type(`${run}\r`);
    await shows('keys 0 ready');
    process.kill(pid(), signal);
    await expect.poll(kind).toBe('normal');
    type('echo code=$?; stty -a\r');
    await shows(`code=${code}`);
    await shows(/ icanon.* echo /s);
    expect(modes()).toMatchObject({ bracketedPasteMode: false, mouseTrackingMode: 'none', wraparoundMode: true });
  });

  it.each([
    ['x', 'boom ␛[2J password=********'],
    ['r', 'nobody caught it'],
  ])('tells a fault below the command line, exit 70: %s', async (key, told) => {
    const { type, shows, kind } = shell();
    type(`${run}\r`);
    await shows('keys 0 ready');
    type(key);
    await shows('a fault of its own ended it');
    await shows(told);
    expect(kind()).toBe('normal');
    type('echo code=$?\r');
    await shows(/code=70$/m);
  });

  it('stays where no shell would continue it', async () => {
    const { type, shows, kind } = terminal(process.execPath, [fixture]);
    await shows('keys 0 ready');
    type('\x1a');
    await shows('keys 1 not suspended');
    type('j');
    await shows('keys 2');
    expect(kind()).toBe('alternate');
  });

  it('ends when the terminal is closed, though nothing can be restored any more', async () => {
    const { pty, shows, pid } = terminal(process.execPath, [fixture]);
    await shows('keys 0 ready');
    const running = pid();
    // closes our end, as a terminal's window or sshd does; node-pty has it without telling its types
    (pty as IPty & { destroy(): void }).destroy();
    await expect.poll(() => isRunning(running), { timeout: 15_000 }).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
