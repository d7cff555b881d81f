import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Replica } from '../../model/entity.ts';
import { counted } from '../../text/format.ts';
import { NotDone, why } from '../attempt.ts';
import { stayBehind, usableBehind } from '../behind.ts';
import { kubectl, resource, right } from '../kubernetes.ts';
import { type Leading, portIn, portOfPod, portOfService, portsListed } from '../ports.ts';
import { uidOf } from '../prove.ts';
import { type Plan, type Seat, type Subject, Unfit, type Verb } from '../verb.ts';
import { notRunning } from './exec.ts';

/** Only this machine reaches what is forwarded. */
const HOST = '127.0.0.1';

/** A port of this machine that leads into a pod, in the background, until it is ended. */
export const portForward: Verb = {
  name: 'port-forward',
  title: 'Forward a port',
  help: 'A port here that leads into a pod, in the background; of a workload or a service to one that is ready, and on to another when that goes',
  kinds: ['replica', 'workload', 'service'],
  session: true,
  unfit(noun) {
    if ('system' in noun && noun.system === 'swarm') {
      return 'Swarm forwards no ports: what a service publishes is reached at any node, the rest from its networks only';
    }
    if (noun.kind !== 'service') return notRunning(noun);
    return Object.keys(noun.selector).length === 0 ? 'it selects no pods: what it leads to stands elsewhere' : null;
  },
  // A workload and the service in front of it often bear one name, and lead to the same pods.
  named(word, fleet) {
    const [only, ...others] = fleet.named('workload', word);
    return others.length === 0 ? only : undefined;
  },
  fields: () => [
    { name: 'port', label: 'port', initial: '', help: 'number or name; empty: the first there is', optional: true },
    { name: 'local', label: 'local port', initial: '0', help: `on ${HOST}; 0: a free one`, optional: true },
  ],
  async plan(subject, { port = '', local = '0' }): Promise<Plan> {
    const { noun, fleet } = subject;
    const [replica] = usableBehind(noun, fleet);
    if (!replica) throw new Unfit(`no pod of ${noun.name} is ready`);
    const first = await endAt(replica, subject, port, subject.signal);
    const own = portIn('local', local.trim() === '' ? '0' : local, 0);
    const listed = portsListed(first.pod);
    return {
      command: `${kubectl(noun)} port-forward ${resource(noun)} ${own === 0 ? '' : own}:${first.asked}`,
      risk: 'safe',
      changes: [],
      notes: [
        ...(noun.kind === 'replica'
          ? []
          : [`to ${replica.name}, which is ready; when it goes, to another one of them`]),
        ...(first.asked === first.inPod ? [] : [`port ${first.asked} is ${first.inPod} in the pod`]),
        listed === '' ? 'the pod declares no ports' : `the pod declares ${listed}`,
        'whoever is on this machine can use it, until it is ended',
      ],
      rights: [right(first.path, 'create', 'portforward')],
      edits: [],
      session: { background: true, run: seat => forward({ ...subject, first, port, own }, seat) },
      proofs: [],
      standing: async () => ({ state: 'done', words: 'ended' }),
      inverse: null,
    };
  },
};

/** Where a forwarded port leads now. */
interface End extends Leading {
  replica: Replica;
  path: string;
  pod: unknown;
}

/** Throws a NotDone when the pod that was seen is not there, and what its port throws. */
async function endAt(
  replica: Replica,
  { noun, object, client, fleet }: Pick<Subject, 'noun' | 'object' | 'client' | 'fleet'>,
  port: string,
  signal: AbortSignal,
): Promise<End> {
  const path = fleet.source(replica.source)?.pathOf?.('replica', replica.id);
  if (!path) throw new Unfit(`${replica.name} has no address here`);
  const pod = await client.get(path, signal);
  if (uidOf(pod) !== replica.uid) throw new NotDone('refused', `${replica.name} is another one now`);
  return { replica, path, pod, ...(noun.kind === 'service' ? portOfService(object, pod, port) : portOfPod(pod, port)) };
}

interface Forward extends Subject {
  first: End;
  /** As it was asked for. */
  port: string;
  /** Of this machine; 0: a free one. */
  own: number;
}

async function forward(of: Forward, seat: Seat) {
  const { first, own, noun, fleet } = of;
  // It may have gone between the dialog and the answer.
  await endAt(first.replica, of, of.port, seat.signal);
  // Loaded when it is needed: the first frame needs no network.
  const { createServer } = await import('node:net');
  const over = new AbortController();
  const signal = AbortSignal.any([seat.signal, over.signal]);
  const open = new Set<Socket>();
  let served = 0;
  let last = '';
  let end: End | null = first;
  /** Whoever connects while there is no pod waits for the next one. */
  let next = Promise.withResolvers<End>();
  next.resolve(first);
  const tell = () => {
    const to = end ? `${end.replica.name}:${end.inPod}` : 'no pod yet';
    seat.tell(`${where} → ${to}, ${counted(served, 'connection')}${last}`);
  };
  const server = createServer(socket => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    served++;
    tell();
    next.promise
      .then(({ path, inPod }) => carry(socket, path, inPod, seat))
      .catch((error: unknown) => {
        socket.destroy();
        if (signal.aborted) return;
        last = `; the last one failed: ${why(error)}`;
        tell();
      });
  });
  const port = await listen(server, own);
  const where = `${HOST}:${port}`;
  tell();
  const moved = async (reason: string, to: Replica | null): Promise<boolean> => {
    end = null;
    if (!to) {
      next = Promise.withResolvers<End>();
      next.promise.catch(() => {}); // it can come before anyone waits for it
      last = `; ${reason}: waits for another pod of ${noun.name}`;
    } else {
      try {
        end = await endAt(to, of, of.port, signal);
        next.resolve(end);
        last = `; ${reason}`;
      } catch (error) {
        last = `; ${reason}, and ${to.name} cannot be used: ${why(error)}`;
      }
    }
    tell();
    return end !== null;
  };
  try {
    await stayBehind(noun, first.replica, fleet, moved, signal);
    return { words: `${where} ended after ${counted(served, 'connection')}`, exitCode: null };
  } catch (error) {
    throw new NotDone('failed', why(error), error);
  } finally {
    over.abort();
    next.reject(new Error('it has ended'));
    server.close();
    for (const socket of open) socket.destroy();
  }
}

/** One connection, until either side ends it. Rejects when there is no way to the port. */
async function carry(socket: Socket, path: string, port: number, seat: Seat): Promise<void> {
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
