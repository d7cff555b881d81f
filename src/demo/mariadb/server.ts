import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import mysql, { type Connection } from 'mysql2';
import { answer, VERSION } from './answers.ts';

const HOST = '127.0.0.1';
export const USER = 'root';

/** The tables of KillBill and of its console, those that an operator would look for. */
const DATABASES = {
  kaui: ['kaui_allowed_users', 'kaui_tenants', 'kaui_users'],
  killbill: [
    ...['account_history', 'accounts', 'bundles', 'invoice_items', 'invoices', 'notifications', 'payment_attempts'],
    ...['payment_methods', 'payments', 'subscription_events', 'subscriptions', 'tenants'],
  ],
};

export interface MariadbDemo {
  readonly host: string;
  readonly port: number;
  /** What it takes for USER's; sessions that are open stay. */
  password: string;
  down(): Promise<void>;
  up(): Promise<void>;
  /** It accepts connections and says nothing. */
  freeze(): void;
  thaw(): void;
  /** Every connection is taken: whoever comes is told so. */
  fill(): void;
  ease(): void;
  /** Ends all sessions. */
  showOut(): void;
  close(): Promise<void>;
}

/** Protocol 4.1 with a password, and what goes with it (MariaDB, "Capabilities"); no TLS. */
const CAPABILITIES = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000 | 0x200000;
const MAX_CONNECTIONS = 151;

/**
 * What stands for the MariaDB of the billing system: no server of it can be had from npm, so this speaks its protocol and
 * answers to what the source and an operator's client ask. The contract tests hold it to the real one.
 */
export async function serveMariadb(password: string): Promise<MariadbDemo> {
  const sessions = new Map<Socket, number>();
  let lastId = 2;
  let taken = 0;
  /** What waits for the thaw; null while it runs. */
  let held: (() => void)[] | null = null;
  const doNow = (work: () => void) => (held ? void held.push(work) : work());

  function greet(socket: Socket): void {
    const id = ++lastId;
    const connection = mysql.createConnection({ stream: socket, isServer: true });
    connection.on('error', () => {}); // the client left
    if (sessions.size + taken >= MAX_CONNECTIONS) {
      connection.writeError({ code: 1040, message: 'Too many connections' });
      return void socket.end();
    }
    sessions.set(socket, id);
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: `5.5.5-${VERSION}`,
      connectionId: id,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: CAPABILITIES,
      authCallback: (given: Given, done: (_: null, refusal?: { message: string; code: number }) => void) =>
        finish(connection, () => done(null, refusalOf(given, demo.password))),
    });
    connection.on('stmt_prepare', () => doNow(() => finish(connection, () => connection.writeOk()))); // of SET
    connection.on('query', (sql: string) => doNow(() => finish(connection, () => reply(connection, sql, id))));
  }

  function reply(connection: Connection, sql: string, id: number): void {
    const ids = [...sessions.values()];
    const connections = ids.length + taken;
    const rows = answer(sql, { databases: DATABASES, maxConnections: MAX_CONNECTIONS, connections, id, ids });
    if (rows) connection.writeTextResult(rows.map(texts), Object.keys(rows[0] ?? { none: 0 }).map(column));
    else
      connection.writeError({ code: 1064, message: `You have an error in your SQL syntax near '${sql.slice(0, 80)}'` });
  }

  function showOut(): void {
    for (const socket of sessions.keys()) socket.destroy();
    sessions.clear();
  }

  let listener = await listen(0);
  function take(server: Server): void {
    server.on('connection', socket => {
      socket.on('error', () => {}); // the client left
      socket.on('close', () => sessions.delete(socket));
      doNow(() => !socket.destroyed && greet(socket));
    });
  }
  take(listener);
  const bound = listener.address();
  if (bound === null || typeof bound === 'string') throw new Error('the port has no number');
  const { port } = bound;

  const demo: MariadbDemo = {
    host: HOST,
    port,
    password,
    async down() {
      if (!listener.listening) return;
      const closed = once(listener, 'close');
      listener.close();
      showOut();
      await closed;
    },
    async up() {
      if (listener.listening) return;
      listener = await listen(port);
      take(listener);
    },
    freeze() {
      held ??= [];
    },
    thaw() {
      const works = held ?? [];
      held = null;
      for (const work of works) work();
    },
    fill() {
      taken = MAX_CONNECTIONS - sessions.size;
    },
    ease() {
      taken = 0;
    },
    showOut,
    async close() {
      demo.thaw();
      await demo.down();
    },
  };
  return demo;
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, HOST);
  await once(server, 'listening');
  return server;
}

/** Each command counts its packets anew, which the library forgets where it is the server. */
function finish(connection: Connection, write: () => void): void {
  write();
  Object.assign(connection, { sequenceId: 0 });
}

interface Given {
  user: string;
  authPluginData1: Buffer;
  authPluginData2: Buffer;
  authToken: Buffer;
}

/** undefined: it may come in. The token is SHA1(p) XOR SHA1(seed + SHA1(SHA1(p))) ("mysql_native_password"). */
function refusalOf(given: Given, password: string): { message: string; code: number } | undefined {
  const { user, authPluginData1, authPluginData2, authToken } = given;
  const once = sha1(Buffer.from(password));
  const mask = sha1(authPluginData1, authPluginData2, sha1(once));
  const token = Buffer.from(once.map((byte, index) => byte ^ (mask[index] ?? 0)));
  if (user === USER && token.equals(authToken)) return undefined;
  const using = authToken.length > 0 ? 'YES' : 'NO';
  return { code: 1045, message: `Access denied for user '${user}'@'${HOST}' (using password: ${using})` };
}

function sha1(...parts: Buffer[]): Buffer {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function texts(row: Record<string, string | number | null>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]));
}

/** Of text (VAR_STRING, utf8mb4), as the protocol's Column Definition has it. */
function column(name: string) {
  const nowhere = { catalog: 'def', schema: '', table: '', orgTable: '' };
  return {
    ...nowhere,
    name,
    orgName: name,
    characterSet: 45,
    columnLength: 1024,
    columnType: 253,
    flags: 0,
    decimals: 0,
  };
}
