import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '../../sources/client.ts';
import { counted } from '../../text/format.ts';
import { NotDone, why } from '../attempt.ts';
import { inside, type Place } from '../places.ts';
import { at } from '../prove.ts';
import { InputError, type Plan, type Seat, type Verb } from '../verb.ts';
import { notRunning } from './exec.ts';

/** Only this machine reaches what is forwarded. */
const HOST = '127.0.0.1';

/** A port of this machine that leads to one of a pod, in the background, until it is ended. */
export const portForward: Verb = {
  name: 'port-forward',
  title: 'Forward a port',
  help: 'A port of this machine that leads into a pod, in the background; of a workload, to its first pod that is ready',
  kinds: ['replica', 'workload'],
  session: true,
  unfit(noun) {
    if ('system' in noun && noun.system === 'swarm') {
      return 'Swarm forwards no ports: what a service publishes is reached at any node, the rest from its networks only';
    }
    return notRunning(noun);
  },
  fields: () => [
    { name: 'port', label: 'port', initial: '', help: 'of the pod; empty: the first that it declares', optional: true },
    { name: 'local', label: 'local port', initial: '0', help: `on ${HOST}; 0: a free one`, optional: true },
  ],
  async plan(subject, { port = '', local = '0' }): Promise<Plan> {
    const place = await inside(subject, '');
    const declared = portsOf(place.object);
    const remote = port.trim() === '' ? declared[0]?.port : portIn('port', port, 1);
    if (remote === undefined) throw new InputError('port', 'it declares no port: say which one');
    const own = portIn('local', local.trim() === '' ? '0' : local, 0);
    const listed = declared.map(({ port, name }) => (name === '' ? `${port}` : `${port} (${name})`)).join(', ');
    return {
      command: place.kubectl(`port-forward pod/${place.replica.name} ${own === 0 ? '' : own}:${remote}`),
      risk: 'safe',
      changes: [],
      notes: [
        ...place.notes,
        listed === '' ? 'it declares no ports' : `it declares ${listed}`,
        `whoever is on this machine can use it, until it is ended`,
      ],
      rights: place.rights('portforward'),
      edits: [],
      session: { background: true, run: seat => forward(place, { remote, own }, seat) },
      proofs: [],
      standing: async () => ({ state: 'done', words: 'ended' }),
      inverse: null,
    };
  },
};

interface Ports {
  remote: number;
  /** 0: a free one. */
  own: number;
}

async function forward(place: Place, { remote, own }: Ports, seat: Seat) {
  await place.check(seat.signal);
  // Loaded when it is needed: the first frame needs no network.
  const { createServer } = await import('node:net');
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => {}); // it can come before anyone waits for it
  const open = new Set<Socket>();
  let served = 0;
  let last = '';
  const tell = () => seat.tell(`${where} → ${place.replica.name}:${remote}, ${counted(served, 'connection')}${last}`);
  const server = createServer(socket => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    served++;
    tell();
    carry(socket, place, remote, seat).catch(async (error: unknown) => {
      last = `; the last one failed: ${why(error)}`;
      tell();
      // A pod that is gone comes back under another name, or as another one: this way leads nowhere any more.
      await place.check(seat.signal).catch(reason => {
        if (reason instanceof NotDone || (reason instanceof Refusal && reason.status === 404)) gone.reject(reason);
      });
    });
  });
  const port = await listen(server, own);
  const where = `${HOST}:${port}`;
  tell();
  try {
    await Promise.race([gone.promise, aborted(seat.signal)]);
    return { words: `${where} ended after ${counted(served, 'connection')}`, exitCode: null };
  } catch (error) {
    throw new NotDone('failed', why(error), error);
  } finally {
    server.close();
    for (const socket of open) socket.destroy();
  }
}

/** One connection, until either side ends it. Rejects when there is no way to the port. */
async function carry(socket: Socket, { path }: Place, port: number, seat: Seat): Promise<void> {
  socket.on('error', () => {}); // Told by the pipeline, or of no interest before there is one.
  const way = await seat.connect(path, port).catch(error => {
    socket.destroy();
    throw error;
  });
  const [, refused] = await Promise.allSettled([pipeline(socket, way), pipeline(way, socket)]);
  const reason = refused.status === 'rejected' ? (refused.reason as NodeJS.ErrnoException) : null;
  // That a client or the pod hangs up in the middle is how connections end.
  if (reason && !seat.signal.aborted && !HUNG_UP.has(reason.code ?? '')) throw reason;
}

const HUNG_UP = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED']);

async function listen(server: Server, own: number): Promise<number> {
  server.listen(own, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'something else has it' : code === 'EACCES' ? 'not allowed' : why(error);
    throw new NotDone('failed', `port ${own} of this machine cannot be opened: ${reason}`, error);
  }
  return (server.address() as AddressInfo).port;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function portsOf(pod: unknown): { port: number; name: string }[] {
  const containers = at(pod, ['spec', 'containers']);
  return (Array.isArray(containers) ? containers : []).flatMap(({ ports }) =>
    ((ports ?? []) as { containerPort: number; name?: string; protocol?: string }[])
      .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
      .map(({ containerPort: port, name = '' }) => ({ port, name })),
  );
}

function portIn(field: string, text: string, least: number): number {
  const port = Number(text);
  if (/^\s*\d{1,5}\s*$/.test(text) && port >= least && port <= 65_535) return port;
  throw new InputError(field, `a port is a number from ${least} to 65535`);
}
