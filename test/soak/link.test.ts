import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Link, openLink } from './link.ts';

describe('a link', () => {
  let echo: Server;
  let link: Link;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    echo = createServer(socket => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    link = await openLink({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await link.close();
    echo.close();
  });

  async function caller() {
    const socket = connect(link.port, '127.0.0.1');
    sockets.push(socket);
    const heard = { text: '', ended: false };
    socket.on('data', chunk => (heard.text += chunk));
    socket.on('error', () => {});
    socket.on('close', () => (heard.ended = true));
    await once(socket, 'connect');
    return { socket, heard };
  }

  it.each(['open', 'slow'] as const)('that is %s passes all on, and the end after it', async state => {
    await link.turn(state);
    const { socket, heard } = await caller();
    socket.end('hello');
    await expect.poll(() => heard).toEqual({ text: 'hello', ended: true });
  });

  it('that is silent takes all, breaks nothing, and passes it on when it speaks again', async () => {
    const { socket, heard } = await caller();
    await link.turn('silent');
    const late = await caller();
    socket.write('hello');
    late.socket.end('later');
    await expect.poll(() => socket.bytesWritten).toBe(5);
    expect([heard, late.heard]).toEqual([
      { text: '', ended: false },
      { text: '', ended: false },
    ]);
    await link.turn('open');
    await expect.poll(() => [heard.text, late.heard.text]).toEqual(['hello', 'later']);
  });

  it('that is cut ends what is open, refuses what comes, and is there again in the same place', async () => {
    const { heard } = await caller();
    await link.turn('cut');
    await expect.poll(() => heard.ended).toBe(true);
    await expect(caller()).rejects.toThrow('ECONNREFUSED');
    await link.turn('open');
    const { socket, heard: again } = await caller();
    socket.write('hello');
    await expect.poll(() => again.text).toBe('hello');
  });
});
