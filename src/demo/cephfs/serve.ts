import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { CephfsOptions } from '../../sources/cephfs/options.ts';
import { why } from '../../sources/why.ts';
import type { Storage } from '../controller/storage.ts';
import type { Answer } from './answer.ts';
import { ceph } from './ceph.ts';
import { allWell, type Daemons } from './daemons.ts';
import { enter } from './enter.ts';
import { find } from './find.ts';
import { getfattr } from './getfattr.ts';
import { setfattr } from './setfattr.ts';
import { Tree } from './tree.ts';

const HOST = '127.0.0.1';
/** How soon those who wait notice that there is an answer again. */
const LOOK_MS = 100;

export interface CephFsDemoOptions {
  storage: Storage;
  seed: number;
  /** What calls `answer` with the arguments that follow: [node, demo.js, --answer]. */
  command: string[];
  still?: boolean;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export interface CephFsDemo {
  /** For `answer`: HOST:PORT. */
  readonly address: string;
  /** What may be gone beside the metadata server, which the storage knows of. */
  readonly daemons: Daemons;
  /** What the cephfs source of a profile reads with: the mount and the cluster. */
  readonly reader: NonNullable<CephfsOptions['reader']>;
  close(): Promise<void>;
}

/** Answers what `answer` is asked, from the state of the storage. Who asks for what hangs is answered when it no longer does. */
export async function serveCephFs(options: CephFsDemoOptions): Promise<CephFsDemo> {
  const { storage, seed, command, still = false, now = Date.now } = options;
  const tree = new Tree(storage);
  const daemons = allWell();
  const startedAt = now();
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const timer = setInterval(() => {
    for (const tryAgain of waiting) tryAgain();
  }, LOOK_MS).unref();

  /** null: no answer yet, and maybe never. */
  function outcome([program = '', ...args]: string[], askedAt: number): Answer | null {
    if (program === 'ceph') {
      const told = ceph(args, { storage, daemons, tree, seed, still, startedAt, now: now() });
      if (told === 'hangs') return null;
      if (!('afterSeconds' in told)) return told;
      return performance.now() - askedAt < told.afterSeconds * 1000 ? null : told.answer;
    }
    // Whoever names a path in the mount waits for the metadata server, be it the mount itself.
    if (storage.mdsGone && args.some(arg => tree.covers(arg))) return null;
    if (program !== 'sh') return run(program, args, '/');
    const entered = enter(args, storage.mount, tree);
    if (!('cwd' in entered)) return entered;
    const [inner = '', ...words] = entered.argv;
    return run(inner, words, entered.cwd);
  }

  function run(program: string, args: string[], cwd: string): Answer {
    if (program === 'getfattr') return getfattr(args, tree);
    if (program === 'find') return find(args, tree, cwd);
    if (program === 'setfattr') return setfattr(args, tree, storage, cwd);
    return { code: 127, stdout: '', stderr: `${program}: command not found\n` };
  }

  function respond(socket: Socket, line: string): void {
    const askedAt = performance.now();
    const attempt = () => {
      const answer = tried(() => outcome(JSON.parse(line), askedAt));
      if (answer === null) return;
      waiting.delete(attempt);
      socket.end(JSON.stringify(answer));
    };
    waiting.add(attempt);
    socket.on('close', () => waiting.delete(attempt));
    attempt();
  }

  const server = createServer(socket => {
    sockets.add(socket);
    let asked = '';
    socket.setEncoding('utf8');
    socket.on('error', () => {}); // who asked has left
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (text: string) => {
      asked += text;
      if (asked.endsWith('\n')) respond(socket, asked);
    });
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the port has no number');
  const address = `${HOST}:${bound.port}`;

  return {
    address,
    daemons,
    reader: { command: [...command, address] },
    async close() {
      clearInterval(timer);
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function tried(answer: () => Answer | null): Answer | null {
  try {
    return answer();
  } catch (error) {
    return { code: 1, stdout: '', stderr: `the demo cannot answer: ${why(error)}\n` };
  }
}
