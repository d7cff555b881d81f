import { execFile } from 'node:child_process';
import type { RequestOptions } from 'node:https';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import { TroubleError } from '../../model/trouble.ts';

interface Exec {
  apiVersion?: string;
  command?: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
}

interface Credential {
  token?: string;
  clientCertificateData?: string;
  clientKeyData?: string;
  expirationTimestamp?: string;
}

const run = promisify(execFile);
/** A credential that ends so soon is no longer used. */
const SPARE_MS = 10_000;

/**
 * Runs the credentials plugins of a kubeconfig (client.authentication.k8s.io). The client library does that too, but a
 * plugin that never ends would hold it up for ever, and outlive the program.
 */
export class ExecPlugins {
  readonly #plugins = new Map<string, { exec: Exec; folder: string }>();
  readonly #credentials = new Map<string, Credential>();
  readonly #deadlineMs: number;
  readonly #signal: AbortSignal | undefined;

  /** A plugin that has not ended after `deadlineMs`, or when the signal aborts, is killed. */
  constructor(deadlineMs: number, signal?: AbortSignal) {
    this.#deadlineMs = deadlineMs;
    this.#signal = signal;
  }

  /** Takes the plugin out of the library's hands. `folder`: where the kubeconfig stands, which its path is relative to. */
  adopt(user: User, folder: string): void {
    const { exec } = user as { exec?: Exec | null };
    if (!exec) return;
    this.#plugins.set(user.name, { exec, folder });
    Object.assign(user, { exec: null });
  }

  isAuthProvider(user: User): boolean {
    return this.#plugins.has(user.name);
  }

  async applyAuthentication(user: User, options: RequestOptions): Promise<void> {
    const { token, clientCertificateData, clientKeyData } = await this.#credentialOf(user.name);
    if (clientCertificateData) options.cert = clientCertificateData;
    if (clientKeyData) options.key = clientKeyData;
    if (token) options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
  }

  async #credentialOf(name: string): Promise<Credential> {
    const known = this.#credentials.get(name);
    const ends = known?.expirationTimestamp ? Date.parse(known.expirationTimestamp) : Number.POSITIVE_INFINITY;
    if (known && !(ends - SPARE_MS <= Date.now())) return known;
    const fresh = await this.#ask(name);
    this.#credentials.set(name, fresh);
    return fresh;
  }

  async #ask(name: string): Promise<Credential> {
    const { exec, folder } = this.#plugins.get(name) ?? { exec: {}, folder: '.' };
    const { apiVersion, command = '', args, env } = exec;
    const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
    const running = run(command.includes('/') ? resolve(folder, command) : command, args ?? [], {
      env: {
        ...process.env,
        ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: JSON.stringify(info),
      },
      timeout: this.#deadlineMs,
      killSignal: 'SIGKILL',
      signal: this.#signal,
    });
    // Nobody can be asked: a plugin that reads from the terminal must see its end.
    running.child.stdin?.end();
    const { stdout } = await running.catch((error: unknown) => {
      throw this.#trouble(exec, error);
    });
    const status = statusOf(stdout);
    if (!status) throw this.#trouble(exec, new Error('it printed no ExecCredential with a status'));
    return status;
  }

  #trouble({ command = '', installHint }: Exec, error: unknown): TroubleError {
    const { code, killed, stderr, message } = error as NodeJS.ErrnoException & { killed?: boolean; stderr?: string };
    const missing = code === 'ENOENT';
    const said = missing
      ? 'it is not installed'
      : killed
        ? `it did not end within ${this.#deadlineMs / 1000} s`
        : maskText((stderr || message).trim());
    const fix = missing ? (installHint ?? 'install it') : 'run kubectl get nodes once: it may want a login';
    return new TroubleError(
      {
        what: 'get credentials',
        on: `the plugin ${printable(command)}`,
        why: printable(said, 500),
        fix: printable(fix, 500),
      },
      error,
    );
  }
}

function statusOf(stdout: string): Credential | null {
  try {
    const { status } = JSON.parse(stdout) as { status?: Credential };
    return typeof status === 'object' ? status : null;
  } catch {
    return null;
  }
}
