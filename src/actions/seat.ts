import type { Client } from '../sources/client.ts';
import type { Permit } from '../sources/permit.ts';
import { NotDone } from './attempt.ts';
import type { Console } from './console.ts';
import type { Seat } from './verb.ts';

interface Means {
  client: Client;
  permit: Permit;
  signal: AbortSignal;
  tell(words: string): void;
  console: Console | undefined;
}

/** What a session is given: the streams of its client under the permit of its action, and the operator's console. */
export function seatFor({ client, permit, signal, tell, console = NOWHERE }: Means): Seat {
  return {
    async execute(execution) {
      if (!client.execute) throw new NotDone('refused', 'commands cannot be run there');
      return client.execute(permit, execution, signal);
    },
    async connect(path, port) {
      if (!client.connect) throw new NotDone('refused', 'there is no way to its ports');
      return client.connect(permit, path, port, signal);
    },
    send: (write, own = signal) => client.send(permit, write, own),
    console,
    tell,
    signal,
  };
}

const NOWHERE: Console = {
  hasTerminal: false,
  async lend() {
    throw new NotDone('refused', 'there is no terminal that could be given over');
  },
};
