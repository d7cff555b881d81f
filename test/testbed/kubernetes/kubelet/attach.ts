import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Question } from './server.ts';

/** Takes the streams of a question as they are opened; their headers say what they carry. */
export interface Session {
  take(headers: Readonly<Record<string, string>>, stream: Duplex): void;
}

/**
 * exec and attach: when all streams that were asked for are there, the command runs as a process of this machine, for it
 * is on the user's own; what ends is told in the API server's words on the stream for errors. What the container itself
 * runs begins when somebody attaches, in a terminal of a size of its own.
 */
export function attach({ what, pod, query }: Question, ended: () => void): Session {
  const isWanted = (name: string) => ['1', 'true'].includes(query.get(name) ?? '');
  const isTerminal = isWanted('tty');
  const wanted = [
    'error',
    ...(isWanted('input') || isWanted('stdin') ? ['stdin'] : []),
    ...(isWanted('output') || isWanted('stdout') ? ['stdout'] : []),
    ...(!isTerminal && (isWanted('error') || isWanted('stderr')) ? ['stderr'] : []),
    ...(isTerminal ? ['resize'] : []),
  ];
  const streams = new Map<string, Duplex>();
  const [program = '', ...args] =
    what === 'exec' ? query.getAll('command') : inTerminal(pod.spec.containers[0]?.command);

  return {
    take({ streamtype = '' }, stream) {
      streams.set(streamtype, stream);
      stream.on('error', () => {});
      if (streamtype === 'resize') stream.resume();
      if (wanted.every(name => streams.has(name))) void run();
    },
  };

  async function run(): Promise<void> {
    const child = spawn(program, args, { env: { ...process.env, HOSTNAME: pod.metadata.name }, cwd: '/' });
    const [stdin, stdout, stderr] = ['stdin', 'stdout', 'stderr'].map(name => streams.get(name));
    child.stdin.on('error', () => {}); // it does not read
    if (stdin) stdin.pipe(child.stdin);
    else child.stdin.end();
    for (const [from, to] of [
      [child.stdout, stdout],
      [child.stderr, stderr ?? (isTerminal ? stdout : undefined)],
    ] as const) {
      if (to) from.pipe(to, { end: false });
      else from.resume();
    }
    const gone = () => child.kill('SIGKILL');
    streams.get('error')?.once('close', gone);
    const status = await new Promise<object>(resolve => {
      child.once('error', error => resolve(failure(error.message)));
      child.once('close', (code, signal) => resolve(statusOf(code ?? (signal ? 137 : 1))));
    });
    streams.get('error')?.off('close', gone);
    streams.get('error')?.end(JSON.stringify(status));
    const open = [stdout, stderr, streams.get('error')].filter(each => each !== undefined);
    for (const stream of open) stream.end();
    await Promise.allSettled(open.map(stream => finished(stream, { readable: false })));
    ended();
  }
}

function inTerminal(command = ['cat']): string[] {
  return ['script', '--quiet', '--return', '--command', command.join(' '), '/dev/null'];
}

function statusOf(code: number): object {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/** The command could not be started at all, in containerd's words. */
function failure(why: string): object {
  const message = `Internal error occurred: error executing command in container: failed to start exec: OCI runtime exec failed: exec failed: ${why}`;
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 };
}
