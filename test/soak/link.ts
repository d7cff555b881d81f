import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** `slow`: 200 ms each way; `silent`: takes all and passes nothing on; `cut`: ends what is open, refuses what comes. */
export type LinkState = 'open' | 'slow' | 'silent' | 'cut';

/** A port on loopback that leads to another, as a network would: for faults between the program and one system. */
export interface Link {
  readonly port: number;
  turn(state: LinkState): Promise<void>;
  close(): Promise<void>;
}

const SLOW_MS = 200;

export async function openLink(to: NetConnectOpts): Promise<Link> {
  let state: LinkState = 'open';
  const open = new Set<Socket>();
  /** Those that wait for the link to speak again. */
  const waiting = new Set<() => void>();

  /** One direction. What it holds back is delivered in order: a chunk waits for the one before it. */
  const way = () =>
    new Transform({
      async transform(chunk, _, done) {
        await spoken();
        done(null, chunk);
      },
      async flush(done) {
        await spoken();
        done();
      },
    });
  const spoken = async () => {
    if (state === 'slow') await new Promise(resolve => setTimeout(resolve, SLOW_MS));
    while (state === 'silent') await new Promise<void>(resolve => waiting.add(resolve));
  };

  const server = createServer({ allowHalfOpen: true }, ours => {
    const theirs = connect({ ...to, allowHalfOpen: true });
    ours.pipe(way()).pipe(theirs).pipe(way()).pipe(ours);
    for (const [one, other] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', async () => {
        open.delete(one);
        // An end comes by the pipe, after the last byte; what broke off is told as slowly as bytes are.
        if (one.readableEnded) return;
        await spoken();
        other.destroy();
      });
    }
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const cut = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  const wake = () => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async turn(next) {
      const before = state;
      state = next;
      wake();
      if (next === 'cut' && before !== 'cut') await cut();
      if (next !== 'cut' && before === 'cut') await listen(port);
    },
    async close() {
      const before = state;
      state = 'cut';
      wake();
      if (before !== 'cut') await cut();
    },
  };
}
