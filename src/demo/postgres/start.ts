import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type * as z from 'zod';
import { type Trouble, TroubleError } from '../../model/trouble.ts';
import type { PostgresOptions } from '../../sources/postgres/options.ts';
import { why } from '../../sources/why.ts';
import { Random } from '../random.ts';
import type { Shape } from '../shape.ts';
import { type Account, chooseAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { Door } from './door.ts';
import { defaultCacheDir, takeFolder } from './folder.ts';
import { Life } from './life.ts';
import { furnish, type Ground, prepare, serverAt, serverNames } from './prepare.ts';
import { type InstanceRecord, type PoolRecord, Records } from './records.ts';
import { HOST, type Server } from './server.ts';
import { PLATFORM, PLATFORM_USER, passwordOf, SCHEMA } from './tables.ts';
import { TEMPLATE } from './tenants.ts';

export interface PostgresDemoOptions {
  shape: Shape;
  /** Nothing moves after the start. */
  still?: boolean;
  cacheDir?: string;
  /** Milliseconds since 1970. */
  now?: () => number;
  log?: (line: string) => void;
  /** For tests: other ways to run. */
  account?: Account;
  find?: () => Binaries;
}

export interface PostgresDemo {
  /** By name: `postgres` is the platform's own, then the pools of the shape. */
  readonly servers: ReadonlyMap<string, DemoServer>;
  /** The postgres source of the demo's profile. */
  readonly source: z.input<typeof PostgresOptions>;
  /** Resolves when the start is over: null when all four run, else why they do not. */
  readonly started: Promise<Trouble | null>;
  /** Every connection is taken: whoever comes is told "sorry, too many clients already". */
  full(name: string): Promise<void>;
  eased(name: string): Promise<void>;
  down(name: string): Promise<void>;
  up(name: string): Promise<void>;
  /** It accepts connections and says nothing (SIGSTOP). */
  frozen(name: string): Promise<void>;
  thawed(name: string): Promise<void>;
  /** Statements as its superuser: what an administrator of that server could do to it. */
  sql(name: string, database: string, text: string): Promise<pg.QueryResultRow[]>;
  /** Changes what the platform has on record. False when there is no such row. */
  recordPool(name: string, record: PoolRecord): Promise<boolean>;
  recordInstance(id: string, record: InstanceRecord): Promise<boolean>;
  /** Ends all servers, within 2 seconds. */
  close(): Promise<void>;
}

export interface DemoServer {
  readonly name: string;
  /** On 127.0.0.1. Until the server runs, whoever connects is told so in its own protocol. */
  readonly port: number;
  /** Rejects with a TroubleError when it cannot run. */
  readonly ready: Promise<void>;
  /** Of the server and of its guard, while they run. */
  pids(): Promise<number[]>;
}

interface Member {
  name: string;
  door: Door;
  server: Server | null;
  life: Life | null;
  ready: PromiseWithResolvers<void>;
}

/**
 * Four real PostgreSQL servers with the platform's real tables. Returns within a moment, with the ports that they will
 * have; they start in the background. Where PostgreSQL cannot run, its ports say why to whoever connects.
 *
 * A production pool has fifty tenants of gigabytes; these have one database of 7.5 MB for each instance and, of a
 * hundred connections each, those open that the shape says: some 250 MB of memory and 460 MB on the disk in all.
 */
export async function startPostgres(options: PostgresDemoOptions): Promise<PostgresDemo> {
  const { shape, still = false, now = Date.now, log = () => {} } = options;
  const ending = new AbortController();
  const members = await Promise.all(serverNames(shape).map(makeMember));
  const found = await makeGround(options, ending.signal).catch(asTrouble);
  const ground = 'folder' in found ? found : null;
  const platform = memberOf(PLATFORM);
  const password = ground ? passwordOf(PLATFORM_USER, PLATFORM, ground.folder.secret) : null;
  const passwordFile = ground && join(ground.folder.path, 'platform-password');
  if (passwordFile && password) await writeFile(passwordFile, password, { mode: 0o600 });
  let records: Records | null = null;
  let tidying: Promise<void> = Promise.resolve();

  const starting = ground ? raise(ground) : Promise.reject(new TroubleError(found as Trouble));
  const started = starting.then(() => null, refuse);

  function memberOf(name: string): Member {
    const member = members.find(each => each.name === name);
    if (!member) throw new RangeError(`no such server: ${name}`);
    return member;
  }

  async function raise(ground: Ground): Promise<void> {
    const isKept = ground.folder.isComplete();
    if (!isKept) await prepare(ground);
    try {
      await raiseAll(ground);
    } catch (error) {
      if (!isKept || ending.signal.aborted) throw error;
      log(`${why(error)}; the data folders are made anew`);
      await lower();
      await prepare(ground);
      await raiseAll(ground);
    }
    tidying = ground.folder.tidy().catch(error => log(why(error)));
    const pools = shape.pools.map(({ name }) => name);
    if (!still) records?.beat(pools, { isWell, now, log });
  }

  async function raiseAll(ground: Ground): Promise<void> {
    const raised = await Promise.allSettled(members.map(member => raiseOne(ground, member)));
    const failed = raised.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async function raiseOne(ground: Ground, member: Member): Promise<void> {
    ending.signal.throwIfAborted();
    const server = serverAt(ground, member.name, member.door.port);
    await member.door.leave();
    ending.signal.throwIfAborted();
    member.server = server;
    await server.start();
    await furnish(ground, server);
    const { secret } = ground.folder;
    const pool = shape.pools.find(({ name }) => name === member.name);
    if (pool) {
      const random = new Random(shape.seed * 1000 + pool.number);
      member.life = new Life(server, pool, shape, { random, secret, log });
      await member.life.begin();
      if (!still) member.life.move();
    } else {
      records = new Records(server, passwordOf(PLATFORM_USER, PLATFORM, secret));
    }
    member.ready.resolve();
  }

  function isWell(name: string): boolean {
    return memberOf(name).server?.state === 'running';
  }

  /** Ends what runs; the doors are held again. */
  async function lower(): Promise<void> {
    records?.end();
    for (const { life } of members) life?.end();
    await Promise.all(members.map(({ server }) => server?.stop()));
    if (ending.signal.aborted) return;
    await Promise.all(members.map(({ door }) => door.comeBack().catch(error => log(why(error)))));
  }

  async function refuse(error: unknown): Promise<Trouble> {
    const trouble = asTrouble(error);
    if (!ending.signal.aborted) log(trouble.why);
    await lower();
    for (const { door, ready } of members) {
      door.reason = `${trouble.what}: ${trouble.why}${trouble.fix ? ` (${trouble.fix})` : ''}`;
      ready.reject(new TroubleError(trouble));
    }
    return trouble;
  }

  /** A server that has been ready once, with its tenants. */
  async function running(name: string): Promise<{ server: Server; life: Life | null }> {
    const member = memberOf(name);
    await member.ready.promise;
    if (!member.server) throw new Error(`${name} was never started`);
    return { server: member.server, life: member.life };
  }

  return {
    servers: new Map(
      members.map(member => {
        const { name, door, ready } = member;
        const pids = async () => (await member.server?.pids()) ?? [];
        return [name, { name, port: door.port, ready: ready.promise, pids }];
      }),
    ),
    source: {
      kind: 'postgres',
      platform: {
        host: HOST,
        port: platform.door.port,
        user: PLATFORM_USER,
        ...(passwordFile ? { password: { file: passwordFile } } : {}),
        database: 'instance',
      },
      pools: {
        via: 'direct',
        from: 'table',
        credentials: 'table',
        addresses: Object.fromEntries(
          members.filter(({ name }) => name !== PLATFORM).map(({ name, door }) => [name, `${HOST}:${door.port}`]),
        ),
      },
      tenantPrefix: 'odoo_',
    },
    started,
    full: async name => (await running(name)).life?.fill(),
    eased: async name => (await running(name)).life?.ease(),
    async down(name) {
      const { server, life } = await running(name);
      life?.end();
      await server.stop();
    },
    async up(name) {
      const { server, life } = await running(name);
      await server.start();
      await life?.begin();
      if (!still) life?.move();
    },
    frozen: async name => (await running(name)).server.freeze(),
    thawed: async name => (await running(name)).server.thaw(),
    async sql(name, database, text) {
      const client = await (await running(name)).server.connect({ database });
      return client
        .query(text)
        .then(({ rows }) => rows)
        .finally(() => client.end());
    },
    async recordPool(name, record) {
      await platform.ready.promise;
      return (await records?.pool(name, record)) ?? false;
    },
    async recordInstance(id, record) {
      await platform.ready.promise;
      return (await records?.instance(id, record)) ?? false;
    },
    async close() {
      ending.abort(new Error('the demo ends'));
      await Promise.all([lower(), started, tidying]);
      await Promise.all(members.map(({ door }) => door.leave()));
      await ground?.folder.release();
    },
  };
}

async function makeMember(name: string): Promise<Member> {
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {}); // `started` tells it too
  return { name, door: await Door.hold(), server: null, life: null, ready };
}

async function makeGround(
  { shape, cacheDir = defaultCacheDir(), now = Date.now, account, find = findBinaries }: PostgresDemoOptions,
  signal: AbortSignal,
): Promise<Ground> {
  const binaries = find();
  const chosen = account ?? (await chooseAccount());
  const folder = await takeFolder(cacheDir, keyOf(shape, binaries), chosen);
  return { shape, folder, account: chosen, binaries, now, signal };
}

/** Seed, version, and what decides about the files: another layout is another folder. */
function keyOf({ seed }: Shape, { version }: Binaries): string {
  const layout = createHash('sha256')
    .update(JSON.stringify([SCHEMA, TEMPLATE]))
    .digest('hex')
    .slice(0, 8);
  return `${seed}-${version}-${layout}`;
}

function asTrouble(error: unknown): Trouble {
  if (error instanceof TroubleError) return error.trouble;
  return { what: 'start PostgreSQL for the demo', on: 'this machine', why: why(error), fix: null };
}
