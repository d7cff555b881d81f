import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Prints `NAME=port` for each name that is given: ports of loopback that nobody has now. */
const servers = process.argv.slice(2).map(name => ({ name, server: createServer().listen(0, '127.0.0.1') }));
for (const { name, server } of servers) {
  if (!server.listening) await once(server, 'listening');
  console.log(`${name}=${(server.address() as AddressInfo).port}`);
}
for (const { server } of servers) server.close();
