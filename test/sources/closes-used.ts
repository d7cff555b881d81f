import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/**
 * A server that answers the first question on each connection with an empty list, keeps the connection, and closes it
 * under the second one: as one does that a laptop finds after its sleep.
 */
export async function closesUsed() {
  const asked: string[] = [];
  const server = createServer(socket => {
    let questions = 0;
    socket.on('error', () => {});
    socket.on('data', data => {
      asked.push(String(data).split(' ', 1)[0] ?? '');
      if (questions++ > 0) return socket.destroy();
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, asked, close: () => server.close() };
}
