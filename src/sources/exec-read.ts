import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { printable } from '../model/printable.ts';
import { TroubleError } from '../model/trouble.ts';
import { dockerClient } from './docker-client.ts';
import { type PodAt, PodDoor } from './kube-stream.ts';
import { orAbort } from './pulse.ts';
import { assertReading } from './reading-argv.ts';
import type { Run, RunOptions, RunResult } from './runner.ts';
import { why } from './why.ts';

/**
 * Reading that needs an exec: the one file in which a source starts a process inside a pod or a container. Both doors
 * refuse, before anything is sent, whatever `reading-argv` does not know to be reading.
 */

/** More than any of our questions may answer. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** Runs reading commands in a pod, over the API server's WebSocket exec. Needs the right `create` on `pods/exec`. */
export function runInPod(at: PodAt): Run {
  const door = new PodDoor(at);
  return async (argv, options) => {
    assertReading(argv);
    return bounded(options, async (output, signal) => {
      const pod = await orAbort(door.pod(), signal);
      const query = new URLSearchParams([
        ['stdout', 'true'],
        ['stderr', 'true'],
        ...argv.map(arg => ['command', arg] satisfies [string, string]),
        ...(at.container ? [['container', at.container] satisfies [string, string]] : []),
      ]);
      const ended = Promise.withResolvers<number | null>();
      ended.promise.catch(() => {}); // it can end before anyone waits for it
      const receive = (channel: number, data: Buffer) => {
        if (channel === 1) output.out(data);
        else if (channel === 2) output.error(data);
        else if (channel === 3) settle(ended, () => exitCode(data.toString('utf8'), argv, door.describe(`pod ${pod}`)));
      };
      const opening = door.open(pod, `exec?${query}`, receive);
      const channel = await orAbort(opening, signal).catch(error => {
        opening.then(
          late => late.terminate(),
          () => {},
        );
        throw error;
      });
      channel.on('close', () => ended.resolve(null));
      return await orAbort(ended.promise, signal).finally(() => channel.terminate());
    });
  };
}

/** A container of the engine at `host` (as DOCKER_HOST has it): by its own name, or the running one of a Swarm service. */
export type ContainerAt = { host?: string } & ({ container: string } | { service: string });

/** Runs reading commands in a container. Of a Swarm service only a task on the engine that is asked can be reached. */
export function runInContainer(at: ContainerAt): Run {
  let client: Promise<Docker> | null = null;
  return async (argv, options) => {
    assertReading(argv);
    client ??= dockerClient(at.host);
    const engine = client;
    return bounded(options, async (output, signal) => {
      const docker = await engine;
      const name = 'container' in at ? at.container : await orAbort(containerOf(docker, at.service), signal);
      try {
        const exec = await docker
          .getContainer(name)
          .exec({ Cmd: argv, AttachStdout: true, AttachStderr: true, abortSignal: signal });
        const stream = await exec.start({ abortSignal: signal });
        const ended = Promise.withResolvers<void>();
        const out = new PassThrough().on('data', output.out);
        const error = new PassThrough().on('data', output.error);
        docker.modem.demuxStream(stream, out, error);
        stream.on('end', ended.resolve).on('close', ended.resolve).on('error', ended.reject);
        await orAbort(ended.promise, signal).finally(() => stream.destroy());
        return (await exec.inspect({ abortSignal: signal })).ExitCode;
      } catch (error) {
        signal.throwIfAborted();
        throw trouble(`run ${argv[0]}`, `container ${name}`, why(error), null);
      }
    });
  };
}

/** The running container of a Swarm service on this engine. Throws a Trouble that names the node which has it instead. */
async function containerOf(docker: Docker, service: string): Promise<string> {
  const fail = (reason: string, fix: string | null) => trouble('find a container', `service ${service}`, reason, fix);
  let here: Docker.ContainerInfo[];
  try {
    here = await docker.listContainers({
      filters: { status: ['running'], label: [`com.docker.swarm.service.name=${service}`] },
    });
  } catch (error) {
    throw fail(why(error), null);
  }
  if (here[0]) return here[0].Id;
  const nodes = await nodesOf(docker, service).catch(() => null);
  if (nodes === null)
    throw fail('no container of it runs on this engine, which is not a manager to ask where it is', null);
  if (nodes.length === 0) throw fail('no task of it is running', null);
  throw fail(`it runs on ${nodes.join(', ')}, not on this engine`, `name the engine of ${nodes[0]} in the profile`);
}

async function nodesOf(docker: Docker, service: string): Promise<string[]> {
  const [tasks, nodes]: [Task[], Node[]] = await Promise.all([
    docker.listTasks({ filters: { service: [service], 'desired-state': ['running'] } }),
    docker.listNodes(),
  ]);
  const names = new Map(nodes.map(node => [node.ID, node.Description?.Hostname]));
  return tasks
    .filter(task => task.Status?.State === 'running')
    .map(task => names.get(task.NodeID) ?? task.NodeID ?? 'an unknown node');
}

interface Task {
  NodeID?: string;
  Status?: { State?: string };
}

interface Node {
  ID?: string;
  Description?: { Hostname?: string };
}

interface Output {
  out(data: Buffer): void;
  error(data: Buffer): void;
}

/** Collects what a command prints until it ends, its deadline passes or the caller lets go of it. */
async function bounded(
  { deadlineMs, signal }: RunOptions,
  run: (output: Output, signal: AbortSignal) => Promise<number | null>,
): Promise<RunResult> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const flooded = new AbortController();
  const ending = AbortSignal.any([deadline, flooded.signal, ...(signal ? [signal] : [])]);
  const chunks: { out: Buffer[]; error: Buffer[] } = { out: [], error: [] };
  let size = 0;
  const keep = (to: Buffer[]) => (data: Buffer) => {
    size += data.length;
    if (size > OUTPUT_LIMIT) flooded.abort();
    else to.push(data);
  };
  const result = (code: number | null, timedOut: boolean): RunResult => ({
    code,
    stdout: Buffer.concat(chunks.out).toString('utf8'),
    stderr: Buffer.concat(chunks.error).toString('utf8'),
    timedOut,
  });
  try {
    return result(await run({ out: keep(chunks.out), error: keep(chunks.error) }, ending), false);
  } catch (error) {
    if (!ending.aborted) throw error;
    return result(null, deadline.aborted);
  }
}

/** The exit code in the Status object that ends an exec (channel 3). Throws when the command could not be started. */
function exitCode(status: string, argv: string[], on: string): number {
  const { status: state, message, reason, details } = JSON.parse(status) as Status;
  if (state === 'Success') return 0;
  const code = details?.causes?.find(cause => cause.reason === 'ExitCode')?.message;
  if (reason === 'NonZeroExitCode' && code !== undefined) return Number(code);
  throw trouble(`run ${argv[0]}`, on, printable(message ?? 'the pod refused without a word', 400), null);
}

interface Status {
  status?: string;
  message?: string;
  reason?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

function settle<T>({ resolve, reject }: PromiseWithResolvers<T>, value: () => T): void {
  try {
    resolve(value());
  } catch (error) {
    reject(error);
  }
}

function trouble(what: string, on: string, reason: string, fix: string | null): TroubleError {
  return new TroubleError({ what, on: printable(on), why: reason, fix });
}
