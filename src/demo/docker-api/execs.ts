import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Task } from '../controller/swarm/objects.ts';
import { type Shell, startShell } from '../shell.ts';
import { findContainer } from './containers.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { frame } from './frame.ts';

/** A command in a container: made, then started, then over. */
export interface Exec {
  id: string;
  container: string;
  task: Task;
  command: string[];
  tty: boolean;
  isStarted: boolean;
  isRunning: boolean;
  exitCode: number | null;
  pid: number;
  shell: Shell | null;
}

/** Where the output of a command goes. */
export interface ExecStream {
  write(bytes: Buffer | string): void;
  end(): void;
}

/** `POST /containers/ID/exec` */
export function createExec(engine: Engine, wanted: string, body: () => object): object {
  const { Cmd = [], Tty = false } = body() as { Cmd?: string[]; Tty?: boolean };
  const { Id, task } = findContainer(engine, wanted);
  if (task.Status.State !== 'running' && task.Status.State !== 'starting') {
    throw new EngineError(409, `container ${Id} is not running`);
  }
  if (!Array.isArray(Cmd) || Cmd.length === 0) throw new EngineError(400, 'No exec command specified');
  const { random } = engine.swarm;
  const id = random.hex(64);
  const pid = random.integer(400, 30_000);
  const made = { id, container: Id, task, command: Cmd, tty: Tty, pid, isStarted: false, isRunning: false };
  engine.execs.set(id, { ...made, exitCode: null, shell: null });
  return { Id: id };
}

/** `GET /exec/ID/json` */
export function inspectExec(engine: Engine, wanted: string): object {
  const { id, container, command, tty, isRunning, exitCode, pid } = findExec(engine, wanted);
  const [entrypoint = '', ...rest] = command;
  return {
    ID: id,
    Running: isRunning,
    ExitCode: exitCode,
    ProcessConfig: { tty, entrypoint, arguments: rest, privileged: false },
    OpenStdin: true,
    OpenStderr: true,
    OpenStdout: true,
    CanRemove: false,
    ContainerID: container,
    DetachKeys: '',
    Pid: isRunning ? pid : 0,
  };
}

/** `POST /exec/ID/resize?h=ROWS&w=COLUMNS` */
export function resizeExec(engine: Engine, wanted: string, query: URLSearchParams): void {
  const exec = findExec(engine, wanted);
  if (!exec.isRunning) throw new EngineError(404, `NotFound: process does not exist ${exec.id}: not found`);
  exec.shell?.resize(Number(query.get('w') ?? 80), Number(query.get('h') ?? 24));
}

/** `POST /exec/ID/start`: with a terminal its bytes as they are, else in frames. Throws an EngineError. */
export function startExec(engine: Engine, wanted: string, out: () => ExecStream): Exec {
  const exec = findExec(engine, wanted);
  if (!engine.swarm.store.get('task', exec.task.ID)) {
    throw new EngineError(409, `container ${exec.container} is not running`);
  }
  const { command, tty } = exec;
  if (exec.isStarted) {
    // The connection is taken over by then: what is wrong comes as output.
    const again = out();
    again.write(tty ? alreadyRun(exec) : frame('stdout', alreadyRun(exec)));
    again.end();
    return exec;
  }
  exec.isStarted = true;
  exec.isRunning = true;
  const stream = out();
  const tell = (to: 'stdout' | 'stderr') => (text: string) =>
    stream.write(tty ? text.replace(/\r?\n/g, '\r\n') : frame(to, text));
  const exit = (code: number) => {
    exec.isRunning = false;
    exec.exitCode = code;
    stream.end();
  };
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOSTNAME: exec.container.slice(0, 12), HOME: '/root' };
  const options = { command, tty, hostname: exec.container.slice(0, 12), env, timeline: engine.world.timeline };
  exec.shell = startShell(options, { stdout: tell('stdout'), stderr: tell('stderr'), exit });
  if (!exec.shell) {
    tell('stdout')(
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${command[0]}": executable file not found in $PATH\r\n`,
    );
    exit(127);
  }
  return exec;
}

/** Takes over the connection, as `docker exec` asks for it: what comes on it is typed. */
export function hijackExec(engine: Engine, wanted: string, socket: Duplex, typed: Buffer): void {
  socket.on('error', () => {}); // the other side has left
  try {
    const { tty } = findExec(engine, wanted);
    const exec = startExec(engine, wanted, () => {
      const type = `application/vnd.docker.${tty ? 'raw' : 'multiplexed'}-stream`;
      socket.write(`HTTP/1.1 101 UPGRADED\r\nContent-Type: ${type}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`);
      return { write: bytes => void socket.write(bytes), end: () => void socket.end() };
    });
    socket.on('data', bytes => exec.shell?.input(bytes));
    socket.on('end', () => exec.shell?.end());
    if (typed.length) exec.shell?.input(typed);
  } catch (error) {
    const code = error instanceof EngineError ? error.code : 500;
    const text = JSON.stringify({ message: (error as Error).message });
    socket.end(
      `HTTP/1.1 ${code} ${STATUS_CODES[code]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
    );
  }
}

function alreadyRun({ id }: Exec): string {
  return `exec command ${id} has already run\r\n`;
}

function findExec(engine: Engine, wanted: string): Exec {
  const exec = engine.execs.get(wanted);
  if (!exec) throw new EngineError(404, `No such exec instance: ${wanted}`);
  return exec;
}
