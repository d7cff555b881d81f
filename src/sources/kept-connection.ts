import type { Agent, ClientRequest } from 'node:http';

/** What requests failed of on a connection that had been used before, without an answer. */
const BROKEN = new WeakSet<Error>();

/** Notes of a request whether it fails on a connection that was kept from an earlier one. */
export function noteKept(request: ClientRequest): void {
  let answered = false;
  request.once('response', () => {
    answered = true;
  });
  request.on('error', error => {
    if (request.reusedSocket && !answered) BROKEN.add(error);
  });
}

/**
 * The answer to a read, asked once more on a new connection when a kept one broke under it: the other side may have closed
 * that long ago, as while a laptop slept, and nothing of it is a sign that the system does not answer. Only for
 * requests that change nothing, each of which has been shown to `noteKept`. Rejects with what the last one failed of.
 */
export async function overKept<T>(agent: Agent, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || !BROKEN.has(error) || signal.aborted) throw error;
    closeIdle(agent);
    return ask();
  }
}

/** Closes the connections that wait for a next question: after an outage they are as likely dead as not. */
export function closeIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
