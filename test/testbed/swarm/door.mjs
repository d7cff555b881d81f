// door.mjs NETNS PORT FILE: a port on this machine's loopback that leads to 127.0.0.1:PORT inside of a network namespace.
// It listens here, hands the listening socket to a child inside of the namespace, and ends; the child writes
// "PID PORT" to FILE and serves until it is ended.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const [netns, port, file] = process.argv.slice(2);

if (process.send) {
  process.once('message', (_, server) => {
    server.on('connection', outside => {
      const inside = connect(Number(port), '127.0.0.1');
      outside.pipe(inside).pipe(outside);
      for (const [one, other] of [
        [outside, inside],
        [inside, outside],
      ]) {
        one.on('error', () => {});
        one.on('close', () => other.destroy());
      }
    });
    writeFileSync(file, `${process.pid} ${server.address().port}\n`);
    setImmediate(() => process.disconnect());
  });
} else {
  const argv = [`--net=${netns}`, process.execPath, ...process.argv.slice(1)];
  const child = spawn('nsenter', argv, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true });
  const server = createServer().listen(0, '127.0.0.1', () => child.send('listen', server));
  child.on('disconnect', () => process.exit(0));
  child.on('exit', code => process.exit(code ?? 1));
}
