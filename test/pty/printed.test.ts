import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serveMariadb, USER } from '../../src/demo/mariadb/server.ts';
import { temporaryHome } from '../helpers/temporary-home.ts';

const home = temporaryHome();

/** A server behind a wire that counts its packets wrongly: the library for it prints that. */
async function outOfOrder(to: { host: string; port: number }) {
  const server = createServer(socket => {
    const other = connect(to);
    let greeted = false;
    socket.pipe(other);
    other.on('data', data => {
      if (greeted) data[3] = 77;
      greeted = true;
      socket.write(data);
    });
    for (const end of [socket, other])
      end.on('error', () => {}).on('close', () => [socket, other].map(e => e.destroy()));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

it('what a library prints goes to the log, neither to the terminal nor into what is asked for', async () => {
  const demo = await serveMariadb('hush');
  const wire = await outOfOrder(demo);
  const folder = join(home.XDG_CONFIG_HOME!, 'quarterdeck');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'lab.yaml'),
    `sources:
  db:
    kind: mariadb
    servers:
      billing: { host: 127.0.0.1, port: ${wire.port}, user: ${USER}, password: { env: LAB_PASSWORD } }
`,
  );
  const args = ['bin/quarterdeck.js', 'get', 'pools', '--platform', 'lab', '--json'];
  const env = { ...home, PATH: process.env.PATH, LAB_PASSWORD: 'hush' };
  const ended = await new Promise<{ out: string; err: string }>(resolve =>
    execFile(process.execPath, args, { env }, (_, out, err) => resolve({ out, err })),
  );
  expect(ended).toEqual({
    out: expect.not.stringContaining('out of order'),
    err: expect.not.stringContaining('out of order'),
  });
  expect(JSON.parse(ended.out)).toMatchObject({ items: [{ name: 'billing' }] });
  expect(readFileSync(join(home.XDG_STATE_HOME!, 'quarterdeck', 'quarterdeck.log'), 'utf8')).toMatch(
    /printed: Warning: got packets out of order. Expected \d+ but received 77/,
  );
  wire.close();
  await demo.close();
});
