import { printable } from '../../model/printable.ts';
import { TroubleError } from '../../model/trouble.ts';
import { type Execute, NotStarted, type Remote } from '../streams.ts';
import { why } from '../why.ts';
import type { Engine } from './engine.ts';
import { StreamFrames } from './stream-frames.ts';

const DEADLINE_MS = 15_000;
/** How the runtime says, as output of the command, that there is no such program (moby, daemon/exec.go). */
const NO_PROGRAM = 'OCI runtime exec failed';
const NOT_FOUND = [126, 127];

/** Runs commands in containers of the engine itself: it reaches no others. `engine` is asked for at each call. */
export function executeOn(engine: () => Engine): Execute {
  return async (permit, { path, command, tty, out }, signal) => {
    permit.check();
    const on = `${printable(path.split('/').at(-1) ?? path, 20)} of ${engine().address}`;
    const trouble = (reason: string) => ({ what: command?.[0] ?? 'attach', on, why: reason, fix: null });
    if (command === null) throw new TroubleError(trouble('a container of a service is not attached to'));
    const of = engine();
    const call = { deadlineMs: DEADLINE_MS, signal };
    const post = (to: string, body?: object) => of.send({ method: 'POST', path: to, body }, call);
    const ours = (error: unknown) => {
      throw signal.aborted || error instanceof TroubleError ? error : new TroubleError(trouble(why(error)), error);
    };
    const asked = {
      Cmd: [...command],
      AttachStdin: tty !== null,
      AttachStdout: true,
      AttachStderr: true,
      Tty: tty !== null,
    };
    const { Id } = (await post(`${path}/exec`, asked).catch(ours)) as { Id: string };
    const socket = await of.upgrade(`/exec/${Id}/start`, { Detach: false, Tty: tty !== null }, call).catch(ours);
    const close = () => socket.destroy();
    signal.addEventListener('abort', close);
    if (signal.aborted) close();

    /** What may yet be the runtime's word that there is no such program. */
    let held: Buffer | null = Buffer.alloc(0);
    const give = (data: Buffer, from: 'stdout' | 'stderr') => {
      if (held === null) return out(data, from);
      held = Buffer.concat([held, data]);
      const begin = held.toString('utf8', 0, NO_PROGRAM.length);
      if (NO_PROGRAM.startsWith(begin) || begin.startsWith(NO_PROGRAM)) return;
      out(held, from);
      held = null;
    };
    const frames = tty ? null : new StreamFrames(give);
    socket.on('data', (data: Buffer) => (frames ? frames.take(data) : give(data, 'stdout')));
    socket.on('error', () => {}); // A close follows.

    const ended = Promise.withResolvers<number | null>();
    ended.promise.catch(() => {}); // it can end before anyone waits for it
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      signal.removeEventListener('abort', close);
      if (signal.aborted) ended.reject(signal.reason);
      else ended.resolve(exitCode());
    });

    /** The engine is asked: a connection that ends says nothing of why. */
    async function exitCode(): Promise<number | null> {
      const found = (await of.get(`/exec/${Id}/json`, {}, call).catch(error => {
        throw new TroubleError(trouble(`the connection was lost: ${why(error)}`), error);
      })) as { Running?: boolean; ExitCode?: number | null };
      if (found.Running) throw new TroubleError(trouble('the connection was lost; the command still runs'));
      const code = found.ExitCode ?? null;
      const words = held?.toString('utf8') ?? '';
      if (words.startsWith(NO_PROGRAM) && NOT_FOUND.includes(code ?? 0)) {
        throw new NotStarted(trouble(printable(words.trim(), 400)));
      }
      if (held && held.length > 0) out(held, 'stdout');
      return code;
    }

    const resize: Remote['resize'] = ({ columns, rows }) => {
      // An engine that cannot do so now has said so by the end of the command, or does at the next time.
      post(`/exec/${Id}/resize?h=${rows}&w=${columns}`).catch(() => {});
    };
    if (tty) resize(tty);
    return { ended: ended.promise, type: data => void socket.write(data), resize };
  };
}
