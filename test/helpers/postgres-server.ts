import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAccount, handOver } from '../../src/demo/postgres/account.ts';
import { findBinaries, setUp } from '../../src/demo/postgres/binaries.ts';
import { makeData, runAs, Server } from '../../src/demo/postgres/server.ts';

export interface Servers {
  /** A new server that runs, on a free port of 127.0.0.1. `port`: on the port of one that was stopped. */
  start(options?: { maxConnections?: number; port?: number }): Promise<Server>;
  /** Ends all of them and removes their files. */
  close(): Promise<void>;
}

/** The superuser is `postgres` with this password. */
export const PASSWORD = 'correct-horse-battery';

/** Real PostgreSQL servers for a test file, from the binaries that npm installed; all made from one initdb. */
export async function postgresServers(): Promise<Servers> {
  const account = await chooseAccount();
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-test-pg-'));
  if (account.foreign) await chmod(folder, 0o755);
  await handOver(account, folder);
  const native = join(folder, 'native');
  const passwordFile = join(folder, 'password');
  const template = join(folder, 'template');
  const { signal } = new AbortController();
  await setUp(findBinaries(), native);
  await writeFile(passwordFile, PASSWORD, { mode: 0o600 });
  await makeData(template, { native, account, passwordFile, signal });

  const running: Server[] = [];
  let made = 0;
  return {
    async start({ maxConnections = 20, port } = {}) {
      const name = `server-${++made}`;
      const data = join(folder, name);
      await runAs(account, signal, 'cp', ['-R', template, data]);
      const server = new Server({
        name,
        port: port ?? (await freePort()),
        folder: data,
        native,
        account,
        password: PASSWORD,
        maxConnections,
      });
      running.push(server);
      await server.start();
      return server;
    },
    async close() {
      for (const server of running) server.thaw();
      await Promise.all(running.map(server => server.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Of this moment: PostgreSQL cannot be told to choose one itself. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the port has no number');
  return address.port;
}
