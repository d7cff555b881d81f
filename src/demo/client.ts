import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProfileInput } from '../profile/schema.ts';
import type { DemoOptions, Order, Report } from './messages.ts';
import type { With } from './scenarios/scenario.ts';

export interface Demo {
  /** A whole profile of Quarterdeck whose sources are the demo's. */
  readonly profile: ProfileInput;
  /** What `trigger` takes. */
  readonly scenarios: string[];
  readonly pid: number;
  /** Lets a scenario happen. Resolves with a sentence when it cannot be, else with null. Never rejects. */
  trigger(name: string, options?: With): Promise<string | null>;
  /** Ends the demo and all its servers; resolves when they are gone. */
  close(): Promise<void>;
}

/** The demo did not start. */
export class DemoError extends Error {
  override name = 'DemoError';
  /** What was asked for cannot be: a scenario that is not there. */
  readonly usage: boolean;

  constructor(message: string, usage: boolean) {
    super(message);
    this.usage = usage;
  }
}

const ENDED = 'the embedded platform has ended';
const END_MS = 4_000;
const KEPT_STDERR = 4_096;

/**
 * Starts the embedded platform in a process of its own, which ends when this one does, however it ends. It never keeps
 * this one running. `script` is its bundle, beside ours when left out. Rejects with a DemoError.
 */
export async function startDemo(options: DemoOptions = {}, script = ownEntry()): Promise<Demo> {
  const child = fork(script, [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    // Of its own group: Ctrl-C is for the program, which then ends it in order.
    detached: true,
  });
  let complaint = '';
  child.stderr?.on('data', text => {
    complaint = `${complaint}${text}`.slice(-KEPT_STDERR);
  });
  const ready = await firstReport(child, () => complaint);
  child.unref();
  child.channel?.unref();
  (child.stderr as { unref?: () => void } | null)?.unref?.();
  const waiting = new Map<number, (error: string | null) => void>();
  child.on('message', (report: Report) => {
    if (report.type === 'triggered') waiting.get(report.id)?.(report.error);
  });
  child.on('exit', () => {
    for (const tell of waiting.values()) tell(ENDED);
  });
  let orders = 0;
  return {
    profile: ready.profile,
    scenarios: ready.scenarios,
    pid: child.pid ?? 0,
    async trigger(name, given) {
      const id = ++orders;
      const order: Order = { type: 'trigger', id, name, ...(given && { with: given }) };
      const error = await new Promise<string | null>(resolve => {
        waiting.set(id, resolve);
        // Whoever waits for an answer must live to see it.
        child.channel?.ref();
        if (!child.connected) resolve(ENDED);
        else child.send(order, failure => failure && resolve(ENDED));
      });
      waiting.delete(id);
      if (waiting.size === 0) child.channel?.unref();
      return error;
    },
    close: () => end(child),
  };
}

async function firstReport(child: ChildProcess, complaint: () => string) {
  const [report] = await Promise.race([
    // Rejects when the process cannot even be started.
    once(child, 'message') as Promise<[Report]>,
    once(child, 'exit').then(([code, signal]) => {
      const why = complaint().trim().split('\n').at(-1) || `it ended with ${signal ?? `code ${code}`}`;
      return [{ type: 'failed', message: why, usage: false }] as [Report];
    }),
  ]);
  if (report.type === 'ready') return report;
  const { message, usage } = report.type === 'failed' ? report : { message: 'it said something else', usage: false };
  throw new DemoError(usage ? message : `the embedded platform does not start: ${message}`, usage);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const exited = once(child, 'exit');
  if (child.connected) child.disconnect();
  const last = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await exited;
  clearTimeout(last);
}

/** The bundle beside the running one; from the sources, the source itself. */
function ownEntry(): string {
  const bundle = fileURLToPath(new URL('./demo.js', import.meta.url));
  return existsSync(bundle) ? bundle : fileURLToPath(new URL('./main.ts', import.meta.url));
}
