import { printable } from '../../model/printable.ts';
import { TroubleError } from '../../model/trouble.ts';
import { exitOf, streamTrouble } from '../kube-stream.ts';
import { type Execute, NotStarted, type Size } from '../streams.ts';
import type { Api } from './api.ts';

/** The channels of an exec or attach (v5.channel.k8s.io: kubernetes, pkg remotecommand). */
const [STDIN, STDOUT, STDERR, STATUS, RESIZE] = [0, 1, 2, 3, 4];

/** Runs commands in pods through an API server. Needs the right `create` on `pods/exec`, or `pods/attach`. */
export function executeOn(api: Api): Execute {
  return async (permit, { path, container, command, tty, out }, signal) => {
    permit.check();
    const subresource = command === null ? 'attach' : 'exec';
    const on = `${printable(path.split('/').at(-1) ?? path)} of ${api.context.name}`;
    const trouble = (why: string) => ({ what: command?.[0] ?? subresource, on, why, fix: null });
    const query = new URLSearchParams({
      stdout: 'true',
      ...(tty ? { stdin: 'true', tty: 'true' } : { stderr: 'true' }),
    });
    for (const word of command ?? []) query.append('command', word);
    if (container !== undefined) query.set('container', container);
    const ended = Promise.withResolvers<number | null>();
    ended.promise.catch(() => {}); // it can end before anyone waits for it
    const receive = (channel: number, data: Buffer) => {
      if (channel === STDOUT) out(data, 'stdout');
      else if (channel === STDERR) out(data, 'stderr');
      else if (channel === STATUS) {
        const exit = exitOf(data.toString('utf8'));
        if (exit.code !== null) ended.resolve(exit.code);
        else ended.reject(new NotStarted(trouble(exit.why)));
      }
    };
    const socket = await api.open(`${path}/${subresource}?${query}`, receive, signal).catch(error => {
      throw signal.aborted ? signal.reason : streamTrouble(error, subresource, on);
    });
    const end = () => socket.terminate();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    socket.on('close', () => {
      signal.removeEventListener('abort', end);
      ended.reject(signal.aborted ? signal.reason : new TroubleError(trouble('the connection was lost')));
    });
    const send = (channel: number, data: Buffer) => socket.send(Buffer.concat([Buffer.of(channel), data]), () => {});
    const resize = ({ columns, rows }: Size) =>
      send(RESIZE, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
    if (tty) resize(tty);
    return { ended: ended.promise, type: data => send(STDIN, data), resize };
  };
}
