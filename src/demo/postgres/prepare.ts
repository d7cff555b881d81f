import { join } from 'node:path';
import type { Shape } from '../shape.ts';
import type { Account } from './account.ts';
import { type Binaries, setUp } from './binaries.ts';
import { Door } from './door.ts';
import type { Folder } from './folder.ts';
import { makeData, runAs, Server } from './server.ts';
import { furnishPlatform, PLATFORM } from './tables.ts';
import { furnishPool } from './tenants.ts';

/** What the four servers are made from. */
export interface Ground {
  shape: Shape;
  folder: Folder;
  account: Account;
  binaries: Binaries;
  /** Milliseconds since 1970. */
  now(): number;
  /** Aborts when the demo ends. */
  signal: AbortSignal;
}

/** The platform's server first. */
export function serverNames(shape: Shape): string[] {
  return [PLATFORM, ...shape.pools.map(({ name }) => name)];
}

export function serverAt({ shape, folder, account }: Ground, name: string, port: number): Server {
  const pool = shape.pools.find(each => each.name === name);
  return new Server({
    name,
    port,
    folder: join(folder.data, name),
    native: nativeOf(folder),
    account,
    password: folder.secret,
    maxConnections: pool?.maxConnections ?? 100,
  });
}

/** Brings a server that runs to what the shape says. Does nothing where it is so already. */
export async function furnish({ shape, folder: { secret }, now }: Ground, server: Server): Promise<void> {
  const pool = shape.pools.find(({ name }) => name === server.name);
  if (pool) await furnishPool(server, pool, shape, secret);
  else await furnishPlatform(server, shape, { secret, now: now() });
}

/**
 * Makes the data folders: one by initdb, the others as its copies; then fills each through a server on a port that
 * nobody knows, so that no half-made database is ever seen. Throws a TroubleError, or the signal's reason.
 */
export async function prepare(ground: Ground): Promise<void> {
  const { shape, folder, account, binaries, signal } = ground;
  const native = nativeOf(folder);
  const [first = PLATFORM, ...others] = serverNames(shape);
  const at = (name: string) => join(folder.data, name);
  await folder.empty();
  await setUp(binaries, native);
  await makeData(at(first), { native, account, passwordFile: folder.secretFile, signal });
  await Promise.all(others.map(name => runAs(account, signal, 'cp', ['-R', at(first), at(name)])));
  await Promise.all([first, ...others].map(name => fill(ground, name)));
  signal.throwIfAborted();
  await folder.complete();
}

async function fill(ground: Ground, name: string): Promise<void> {
  const door = await Door.hold();
  await door.leave();
  const server = serverAt(ground, name, door.port);
  const stop = () => void server.stop();
  ground.signal.addEventListener('abort', stop, { once: true });
  try {
    ground.signal.throwIfAborted();
    await server.start();
    await furnish(ground, server);
  } finally {
    ground.signal.removeEventListener('abort', stop);
    await server.stop();
  }
}

const nativeOf = (folder: Folder) => join(folder.path, 'native');
