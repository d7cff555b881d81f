import type http from 'node:http';
import https from 'node:https';
import { orAbort } from '../pulse.ts';

/** Of each agent, when its TLS session is known; null: it is. */
const KNOWN = new WeakMap<http.Agent, Promise<void> | null>();

/**
 * Lets the first request over an agent go alone until its TLS session is known, so that the connections that others need
 * resume it (https.Agent keeps it for them): neither side proves again who it is, which of a dozen connections costs each
 * some milliseconds, when all is waited for. Where no session comes, the first answer ends the wait, and so does what
 * ends the request; without TLS nothing waits.
 */
export async function afterFirst<T>(
  agent: http.Agent,
  signal: AbortSignal,
  send: (sent: (request: http.ClientRequest) => void) => Promise<T>,
): Promise<T> {
  if (!(agent instanceof https.Agent)) return send(() => {});
  const known = KNOWN.get(agent);
  if (known) await orAbort(known, signal);
  return send(request => {
    if (!KNOWN.has(agent)) note(agent, request);
  });
}

function note(agent: http.Agent, request: http.ClientRequest): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  KNOWN.set(agent, promise);
  const know = () => {
    KNOWN.set(agent, null);
    resolve();
  };
  request.once('socket', socket => socket.once('session', know));
  request.once('response', know);
  request.once('close', () => {
    if (KNOWN.get(agent) === promise) KNOWN.delete(agent);
    resolve();
  });
}
