import type { Cluster } from '../controller/kubernetes/cluster.ts';
import type { Pod } from '../controller/kubernetes/objects.ts';
import { startShell } from '../shell.ts';
import type { WebSocketEnd } from '../web-socket.ts';
import { ApiError, badRequest } from './status.ts';

/** The protocols of `/exec` that this server speaks; a real one speaks SPDY too. */
export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;
const [STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSED] = [0, 1, 2, 3, 4, 255];

/** `/attach`: what the container itself runs, as if it waited for us; with its end the container ends. */
export function attach(cluster: Cluster, pod: Pod, query: URLSearchParams, socket: WebSocketEnd): void {
  const wanted = query.get('container') ?? pod.spec.containers[0]?.name;
  const container = pod.spec.containers.find(each => each.name === wanted);
  const { command = ['sh'], args = [] } = (container ?? {}) as { command?: string[]; args?: string[] };
  run(cluster, pod, [...command, ...args], query, socket, exitCode => cluster.kubelet.end(pod, { exitCode }));
}

/** Whether a command can be run there: the container runs, and its node answers. Throws an ApiError. */
export function checkExec(cluster: Cluster, pod: Pod, query: URLSearchParams): void {
  const { name } = pod.metadata;
  const names = pod.spec.containers.map(each => each.name);
  const wanted = query.get('container') ?? names[0] ?? '';
  if (!names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
    throw badRequest(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`);
  }
  if (cluster.downNodes.has(pod.spec.nodeName)) {
    const host = cluster.addressOf(pod.spec.nodeName);
    throw internal(`error dialing backend: dial tcp ${host}:10250: connect: no route to host`);
  }
  if (!pod.status.containerStatuses?.find(each => each.name === wanted)?.state.running) {
    throw internal(`unable to upgrade connection: container not found ("${wanted}")`);
  }
}

/** `/exec` of a pod: each message begins with its channel; the last one tells how the command ended. */
export function exec(cluster: Cluster, pod: Pod, query: URLSearchParams, socket: WebSocketEnd): void {
  run(cluster, pod, query.getAll('command'), query, socket);
}

function run(
  { timeline }: Cluster,
  pod: Pod,
  command: string[],
  query: URLSearchParams,
  socket: WebSocketEnd,
  ended: (exitCode: number) => void = () => {},
): void {
  const tell = (channel: number, text: string) => {
    socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
  };
  const tty = isYes(query, 'tty');
  const end = (status: object) => {
    tell(ERROR, JSON.stringify({ metadata: {}, ...status }));
    socket.close();
  };
  const shell = startShell(
    { command, tty, hostname: pod.metadata.name, env: environmentOf(pod), timeline },
    {
      stdout: text => isYes(query, 'stdout') && tell(STDOUT, tty ? text.replace(/\r?\n/g, '\r\n') : text),
      stderr: text => {
        if (tty) tell(STDOUT, text.replace(/\r?\n/g, '\r\n'));
        else if (isYes(query, 'stderr')) tell(STDERR, text);
      },
      exit(code) {
        end(code === 0 ? { status: 'Success' } : failed(code));
        ended(code);
      },
    },
  );
  if (!shell) {
    const why = `OCI runtime exec failed: exec failed: unable to start container process: exec: "${command[0]}": executable file not found in $PATH`;
    end({
      status: 'Failure',
      message: `Internal error occurred: error executing command in container: failed to exec in container: ${why}`,
      reason: 'InternalError',
      details: { causes: [{ message: why }] },
      code: 500,
    });
    return;
  }
  socket.onMessage(([channel, ...bytes]) => {
    const payload = Buffer.from(bytes);
    if (channel === STDIN) shell.input(payload);
    else if (channel === CLOSED && payload[0] === STDIN) shell.end();
    else if (channel === RESIZE) {
      const { width = 80, height = 24 } = sizeIn(payload.toString());
      shell.resize(width, height);
    }
  });
}

function failed(code: number): object {
  return {
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/** Clients write `Width` or `width`: Go reads either. */
function sizeIn(text: string): { width?: number; height?: number } {
  try {
    return JSON.parse(text.toLowerCase());
  } catch {
    return {}; // a size that cannot be read changes nothing
  }
}

function environmentOf({ spec, metadata }: Pod): Record<string, string> {
  const given = (spec.containers[0]?.env ?? []) as { name: string; value?: string }[];
  const named = given.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOSTNAME: metadata.name, HOME: '/root', ...Object.fromEntries(named) };
}

function isYes(query: URLSearchParams, name: string): boolean {
  return ['1', 'true'].includes(query.get(name) ?? '');
}

function internal(message: string): ApiError {
  return new ApiError({ code: 500, reason: 'InternalError', message: `Internal error occurred: ${message}` });
}
