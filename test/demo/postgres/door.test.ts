import { once } from 'node:events';
import { createServer } from 'node:net';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { Door } from '../../../src/demo/postgres/door.ts';
import { refusal } from './clients.ts';

const doors: Door[] = [];
const hold = async () => {
  const door = await Door.hold();
  doors.push(door);
  return door;
};

afterEach(async () => {
  for (const door of doors.splice(0)) await door.leave();
});

describe('a held port', () => {
  it('refuses in the words of a server that is starting', async () => {
    const { port } = await hold();
    expect(await refusal(port)).toMatchObject({ code: '57P03', message: 'the database system is starting up' });
  });

  it('tells why there will be no server', async () => {
    const door = await hold();
    door.reason = 'PostgreSQL cannot run: its binaries are not installed';
    expect(await refusal(door.port)).toMatchObject({ message: door.reason });
  });

  it('answers a client that asks for TLS first', async () => {
    const { port } = await hold();
    const client = new pg.Client({ host: '127.0.0.1', port, ssl: true, user: 'x', database: 'x' });
    await expect(client.connect()).rejects.toThrow('The server does not support SSL connections');
  });

  it('gives the port away and takes it back', async () => {
    const door = await hold();
    await door.leave();
    const server = createServer().listen(door.port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    expect(await refusal(door.port)).toMatchObject({ code: 'ECONNREFUSED' });
    await door.comeBack();
    expect(await refusal(door.port)).toMatchObject({ code: '57P03' });
  });
});
