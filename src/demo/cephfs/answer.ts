import { createConnection } from 'node:net';

/** What a command of the embedded storage printed, and how it ended. */
export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * The command that stands for getfattr, find and ceph in the demo: `ADDRESS PROGRAM ARGUMENTS…`, where ADDRESS is
 * `HOST:PORT` of the demo. Prints what the program would print and gives its exit code. Like the real ones it waits
 * without limit for a file system whose metadata server is gone.
 *
 * It is started several times in a cycle, so it loads nothing but node:net (26 ms in all, with node:http 52).
 */
export async function answer([address = '', ...argv]: string[]): Promise<number> {
  const { code, stdout, stderr } = await ask(address, argv).catch((error: Error) => ({
    code: 1,
    stdout: '',
    stderr: `${argv[0] ?? 'demo'}: ${error.message}\n`,
  }));
  await Promise.all([print(process.stdout, stdout), print(process.stderr, stderr)]);
  return code;
}

/** One line with the argument list goes there, one JSON value comes back. */
function ask(address: string, argv: string[]): Promise<Answer> {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = createConnection({ host, port: Number(port) }, () => socket.write(`${JSON.stringify(argv)}\n`));
    socket.on('data', chunk => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      if (chunks.length > 0) resolve(JSON.parse(Buffer.concat(chunks).toString()));
      else reject(new Error('the demo has ended'));
    });
  });
}

function print(stream: NodeJS.WriteStream, text: string): Promise<unknown> {
  return text === '' ? Promise.resolve() : new Promise(done => stream.write(text, done));
}
