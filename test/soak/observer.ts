import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask, EngineOptions, Picture, Report, Sample } from './messages.ts';

export interface Told {
  /** When it came here: performance.now(). */
  at: number;
  source: string;
  text: string;
}

const ENTRY = join(import.meta.dirname, 'engine.ts');
const END_MS = 8_000;
const ANSWER_MS = 10_000;

/** The engine, seen from outside. */
export class Observer {
  /** What the program said of phases and of what happened, oldest first. */
  readonly told: Told[] = [];
  readonly samples: Sample[] = [];
  readonly faults: string[] = [];
  readonly #child: ChildProcess;
  readonly #answers = new EventEmitter();
  #exit: string | null = null;
  #stopped = false;
  #continuedAt = Number.NEGATIVE_INFINITY;
  #ending = false;

  /** `env`: what its sources need besides our own. */
  constructor(options: EngineOptions, env: Record<string, string>) {
    this.#child = fork(ENTRY, [JSON.stringify(options)], {
      env: { ...process.env, ...env, NODE_ENV: 'production' },
      execArgv: ['--expose-gc'],
      // Of its own group: Ctrl-C is for the soak.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (report: Report) => this.#take(report));
    this.#child.on('exit', (code, signal) => {
      this.#exit = `${signal ?? `code ${code}`}`;
      if (!this.#ending) this.faults.push(`the program ended with ${this.#exit}`);
    });
  }

  /** As by a laptop's lid. */
  stop(): void {
    this.#stopped = true;
    this.#child.kill('SIGSTOP');
  }

  continue(): void {
    if (this.#stopped) this.#continuedAt = performance.now();
    this.#stopped = false;
    this.#child.kill('SIGCONT');
  }

  /** Whether it was stopped at any time since then: performance.now(). */
  sleptSince(at: number): boolean {
    return this.#stopped || this.#continuedAt > at;
  }

  /**
   * Of these sources, those that have given no proof of life since then (milliseconds since 1970), and why; also when the
   * program itself says nothing.
   */
  async away(names: readonly string[], since: number): Promise<string[]> {
    try {
      const { states } = await this.#ask('states');
      const live = new Set(
        states
          .filter(({ phase, observedAt }) => phase === 'live' && Number(observedAt) >= since)
          .map(({ name }) => name),
      );
      return names
        .filter(name => !live.has(name))
        .map(name => {
          const state = states.find(each => each.name === name);
          return `${name} is ${state?.phase}: ${state?.trouble?.why ?? 'no proof of life'}`;
        });
    } catch {
      return ['the program says nothing'];
    }
  }

  /** What the fleet holds now. Rejects when the program does not say. */
  picture(): Promise<Picture> {
    return this.#ask('picture');
  }

  #ask<A extends Ask>(ask: A): Promise<Extract<Report, { type: A }>> {
    const { promise, resolve, reject } = Promise.withResolvers<Report>();
    const late = setTimeout(() => reject(new Error('the program says nothing')), ANSWER_MS);
    this.#answers.once(ask, resolve);
    if (this.#child.connected) this.#child.send(ask);
    return promise.finally(() => {
      clearTimeout(late);
      this.#answers.off(ask, resolve);
    }) as Promise<Extract<Report, { type: A }>>;
  }

  /** Ends it, wherever it stands. */
  async close(): Promise<void> {
    this.#ending = true;
    if (this.#exit !== null) return;
    const exited = once(this.#child, 'exit');
    this.continue();
    if (this.#child.connected) this.#child.disconnect();
    const inTime = await Promise.race([exited.then(() => true), sleep(END_MS, false)]);
    if (inTime) return;
    this.faults.push(`the program did not end within ${END_MS / 1000} s`);
    this.#child.kill('SIGKILL');
    await exited;
  }

  #take(report: Report): void {
    const at = performance.now();
    this.#answers.emit(report.type, report);
    if (report.type === 'sample') this.samples.push(report);
    if (report.type === 'fault') this.faults.push(report.text);
    if (report.type === 'event') {
      const { source, subject, reason, message } = report;
      this.told.push({ at, source, text: `${subject} ${reason}: ${message}` });
    }
  }
}
