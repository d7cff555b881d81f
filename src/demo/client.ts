import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface DemoOptions {
  seed?: number;
  /** Kubernetes pods in all, up to 10,000. */
  scale?: number;
  changesPerSecond?: number;
  /** `calm`, `still`, or something that fails. */
  scenario?: string;
}

/** What the embedded platform tells its parent. */
export type FromDemo = { type: 'ready'; profile: object; scenarios: string[] } | { type: 'failed'; reason: string };
/** What it is told. */
export type ToDemo = { type: 'trigger'; name: string };

export interface Demo {
  /** As a profile's file has it, to be checked like any other. */
  profile: object;
  /** What it can be told to do. */
  scenarios: string[];
  trigger(name: string): void;
  close(): Promise<void>;
}

/**
 * Starts the embedded platform in a process of its own, which ends when this one does. Rejects when it does not start.
 *
 * @param script its bundle; beside the running one unless a test says otherwise
 */
export async function startDemo(options: DemoOptions, script = bundle()): Promise<Demo> {
  const child = fork(script, [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const first = await new Promise<FromDemo>((resolve, reject) => {
    child.once('message', message => resolve(message as FromDemo));
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`the embedded platform ended at its start (exit ${code})`)));
  });
  if (first.type === 'failed') throw new Error(`the embedded platform does not start: ${first.reason}`);
  child.unref();
  child.channel?.unref();
  return {
    profile: first.profile,
    scenarios: first.scenarios,
    trigger: name => void child.send({ type: 'trigger', name } satisfies ToDemo),
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function bundle(): string {
  const path = fileURLToPath(new URL('./demo.js', import.meta.url));
  if (!existsSync(path)) throw new Error(`the embedded platform is not built: there is no ${path}`);
  return path;
}
