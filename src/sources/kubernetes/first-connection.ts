import type http from 'node:http';
import https from 'node:https';
import { orAbort } from '../pulse.ts';

/** So long the others wait at most: they spare milliseconds, and the first may have met with what never answers. */
const PATIENCE_MS = 500;

/** Of each agent, when its TLS session is known; null: nobody waits for that any more. */
const KNOWN = new WeakMap<http.Agent, Promise<void> | null>();

/**
 * Lets the first request over an agent go alone until its TLS session is known, so that the connections that others need
 * resume it (https.Agent keeps it for them): neither side proves again who it is, which of a dozen connections costs each
 * some milliseconds, when all is waited for. Where no session comes, the first answer ends the wait, and so does what
 * ends the request, or half a second. Without TLS, and through SOCKS, whose agent keeps no sessions, nothing waits.
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
    clearTimeout(patience);
    if (KNOWN.get(agent) === promise) KNOWN.set(agent, null);
    resolve();
  };
  const patience = setTimeout(know, PATIENCE_MS).unref();
  request.once('socket', socket => socket.once('session', know));
  request.once('response', know);
  request.once('close', () => {
    // It came to nothing: the next one is the first.
    if (KNOWN.get(agent) === promise) KNOWN.delete(agent);
    know();
  });
}
