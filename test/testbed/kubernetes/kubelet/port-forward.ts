import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import type { Session } from './attach.ts';
import type { Pod } from './objects.ts';
import type { Question } from './server.ts';

/**
 * Port-forward: for each connection a stream for errors, then one for the bytes. What answers at a port of the pod is
 * said by the pod's annotation `bed/port-NUMBER`, a port of loopback; without one, every port that a container names
 * answers HTTP with the pod's name.
 */
export function forwardPort({ pod }: Question): Session {
  const errors = new Map<string, Duplex>();
  return {
    take({ streamtype, requestid = '', port = '' }, stream) {
      stream.on('error', () => {});
      if (streamtype === 'error') {
        errors.set(requestid, stream);
        return;
      }
      const refused = errors.get(requestid);
      errors.delete(requestid);
      join(pod, Number(port), stream, why => refused?.end(why));
    },
  };
}

/** Joins a stream with a port of a pod; `refuse` takes the kubelet's words when that cannot be, or nothing at its end. */
export function join(pod: Pod, port: number, stream: Duplex, refuse: (why?: string) => void): void {
  const leadsTo = Number(pod.metadata.annotations?.[`bed/port-${port}`]);
  const isServed = pod.spec.containers.some(each => each.ports?.some(({ containerPort }) => containerPort === port));
  if (!leadsTo && isServed) return couple(stream, greeter(pod), refuse);
  const socket = connect(leadsTo || 1, '127.0.0.1');
  socket.once('error', error => {
    const address = `localhost:${port}`;
    refuse(
      `an error occurred forwarding ${port} -> ${port}: error forwarding port ${port} to pod ${pod.metadata.uid}, uid : failed to connect to ${address} inside namespace: ${error.message}`,
    );
    stream.end();
  });
  socket.once('connect', () => couple(stream, socket, refuse));
}

/** When the pod's side has said all, so has ours, whether the client goes on or not. */
function couple(stream: Duplex, far: Duplex, over: () => void): void {
  stream.pipe(far).pipe(stream);
  stream.once('finish', () => over());
  stream.once('close', () => far.destroy());
  far.once('error', () => stream.end());
}

/** A server that says who it is. */
function greeter({ metadata }: Pod): Duplex {
  const body = `hello from ${metadata.namespace}/${metadata.name}\n`;
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
  const server: Duplex = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      server.push(answer);
      server.push(null);
      done();
    },
  });
  return server;
}
