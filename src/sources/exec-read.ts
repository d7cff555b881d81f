import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { printable } from '../model/printable.ts';
import { TroubleError } from '../model/trouble.ts';
import { exitOf, NotThere, PodDoor } from './kube-stream.ts';
import type { PodAt } from './pod-at.ts';
import { orAbort } from './pulse.ts';
import { assertReading } from './reading-argv.ts';
import { type Change, permitted, type Run, type RunOptions, type RunResult } from './runner.ts';
import { resolveEndpoint } from './swarm/endpoint.ts';
import { dockerFor } from './swarm/engine.ts';
import { why } from './why.ts';

/**
 * What needs an exec: the one file in which a source starts a process inside a pod or a container. Its doors refuse,
 * before anything is sent, whatever `reading-argv` does not know to be reading, or else what comes without a permit.
 */

/** More than any of our questions may answer. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** Both ways into the same pod or container. */
export interface Exec {
  run: Run;
  change: Change;
}

/** Runs reading commands in a pod, over the API server's WebSocket exec. Needs the right `create` on `pods/exec`. */
export function runInPod(at: PodAt): Run {
  return reading(inPod(at));
}

export function execInPod(at: PodAt): Exec {
  return bothWays(inPod(at));
}

function bothWays(run: Run): Exec {
  return { run: reading(run), change: permitted(run) };
}

function reading(run: Run): Run {
  return async (argv, options) => {
    assertReading(argv);
    return run(argv, options);
  };
}

function inPod(at: PodAt): Run {
  const door = new PodDoor(at);
  return async (argv, options) =>
    bounded(options, async (output, signal) => {
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
}

/** A container of the engine at `host` (as DOCKER_HOST has it): by its own name, or the running one of a Swarm service. */
export type ContainerAt = { host?: string } & ({ container: string } | { service: string });

/** Runs reading commands in a container. Of a Swarm service only a task on the engine that is asked can be reached. */
export function runInContainer(at: ContainerAt): Run {
  return reading(inContainer(at));
}

export function execInContainer(at: ContainerAt): Exec {
  return bothWays(inContainer(at));
}

function inContainer(at: ContainerAt): Run {
  let client: Promise<Docker> | null = null;
  return async (argv, options) => {
    client ??= resolveEndpoint({ kind: 'swarm', host: at.host }).then(dockerFor);
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
  const looking = { what: 'find a container', on: printable(`service ${service}`), fix: null };
  try {
    const label = [`com.docker.swarm.service.name=${service}`];
    const [here] = await docker.listContainers({ filters: { status: ['running', 'paused'], label } });
    if (here) return here.Id;
    const { nodes, isHere } = await placesOf(docker, service);
    if (isHere) throw new NotThere({ ...looking, why: 'its container does not run, though its task is said to' });
    const [node] = nodes;
    if (node === undefined) throw new NotThere({ ...looking, why: 'no task of it is running' });
    const fix = `name the engine of ${node} in the profile`;
    throw new TroubleError({ ...looking, why: `it runs on ${node}, not on this engine`, fix });
  } catch (error) {
    if (error instanceof TroubleError) throw error;
    const { statusCode } = error as { statusCode?: unknown };
    if (statusCode === 404) throw new NotThere({ ...looking, why: 'there is no such service' });
    const notManager = 'no container of it runs on this engine, which is no manager that could tell where it is';
    throw new TroubleError({ ...looking, why: statusCode === 503 ? notManager : why(error) });
  }
}

/** Where its tasks are said to run: on this engine, and the names of other nodes. */
async function placesOf(docker: Docker, service: string): Promise<{ nodes: string[]; isHere: boolean }> {
  const tasks: Task[] = await docker.listTasks({ filters: { service: [service], 'desired-state': ['running'] } });
  const nodes: Node[] = await docker.listNodes();
  const { Swarm }: { Swarm?: { NodeID?: string } } = await docker.info();
  const names = new Map(nodes.map(node => [node.ID, node.Description?.Hostname]));
  const running = tasks.filter(task => task.Status?.State === 'running').map(task => task.NodeID);
  return {
    isHere: running.some(id => id !== undefined && id === Swarm?.NodeID),
    nodes: running.map(id => printable(names.get(id) ?? id ?? 'an unknown node', 200)),
  };
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

/** Throws when the command could not be started. */
function exitCode(status: string, argv: string[], on: string): number {
  const exit = exitOf(status);
  if (exit.code !== null) return exit.code;
  throw trouble(`run ${argv[0]}`, on, exit.why, null);
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
