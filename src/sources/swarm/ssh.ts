import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import type { Reach } from './endpoint.ts';

/**
 * One connection to a remote engine, as the docker command makes it: the system's `ssh` runs `docker system dial-stdio`
 * there, so the user's ssh configuration, agent and known hosts all count (docker/cli, cli/connhelper). It never asks:
 * what would need an answer is refused in ssh's words.
 *
 * @param program for tests: what to start instead of `ssh`
 */
export function dialBySsh(reach: Extract<Reach, { via: 'ssh' }>, program = 'ssh'): Duplex {
  return new Pipe(spawn(program, sshArguments(reach), { stdio: 'pipe', detached: true }));
}

export function sshArguments({ host, port, user, socket }: Extract<Reach, { via: 'ssh' }>): string[] {
  const options = ['BatchMode=yes', 'ConnectTimeout=10', 'ServerAliveInterval=5', 'ServerAliveCountMax=2'];
  return [
    ...options.flatMap(option => ['-o', option]),
    '-T',
    ...(user ? ['-l', user] : []),
    ...(port ? ['-p', String(port)] : []),
    '--',
    host,
    'docker',
    ...(socket ? ['--host', `'unix://${socket.replaceAll("'", `'\\''`)}'`] : []),
    'system',
    'dial-stdio',
  ];
}

/** A child's stdin and stdout as one socket for Node's HTTP client; its last words on stderr are the error. */
class Pipe extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #words = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    super({ allowHalfOpen: true });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#words = (this.#words + chunk).slice(-4096);
    });
    // A write to a child that has just ended fails, and its end tells why.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
    child.on('error', error => this.destroy(error));
    // Not at the end of stdout: why it ended is told by stderr and the exit code, and both come later.
    child.on('close', code => {
      if (code === 0) this.push(null);
      else this.destroy(new SshError(this.#words, code));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  // What Node's HTTP client and agent ask of a socket, and a pipe need not do.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** `ssh`, or the docker command at its other end, gave up. */
export class SshError extends Error {
  override name = 'SshError';
  readonly code = 'ESSH';

  constructor(words: string, exitCode: number | null) {
    const lines = words.split(/\r?\n/).filter(line => line.trim() !== '' && !/^@+$/.test(line));
    const telling = lines.find(line => /denied|verification failed|not found|IDENTIFICATION HAS CHANGED/.test(line));
    super((telling ?? lines.at(-1) ?? `ssh ended with ${exitCode ?? 'a signal'}`).replace(/^@\s*|\s*@$/g, '').trim());
  }
}
