import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '../backoff.ts';
import { pulse } from '../pulse.ts';
import type { Open, Session } from './session.ts';
import { ANSWER_MS, Silence } from './silence.ts';

export interface Keeping {
  open: Open;
  /** From one proof of life to the next. */
  pulseMs: number;
  /** From the end of one reading to the next. */
  everyMs: number;
  read(session: Session): Promise<void>;
  /** It answered, after so many milliseconds. */
  alive(latencyMs: number): void;
  /** It could not be reached, refused, fell silent or ended the session. It is tried again by itself. */
  lost(error: unknown): void;
  /** It is alive, and a reading failed. */
  unread(error: unknown): void;
}

export interface Kept {
  /** null while there is none. */
  readonly session: Session | null;
  /** Reads again now. */
  hurry(): void;
  stop(): Promise<void>;
}

/** A server that is back must not wait for us. */
const RETRY_LIMIT_MS = 8_000;

/** Keeps one session with a server: opens it, proves that it lives, reads through it, and opens it again, for ever. */
export function keep({ open, pulseMs, everyMs, read, alive, lost, unread }: Keeping): Kept {
  const ending = new AbortController();
  const backoff = new Backoff({ limitMs: RETRY_LIMIT_MS });
  let wake = new AbortController();
  let session: Session | null = null;

  async function live(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        session = await open(ending.signal);
        await use(session);
      } catch (error) {
        if (!ending.signal.aborted) lost(error);
      }
      session?.close();
      session = null;
      await sleep(backoff.next(), undefined, { signal: ending.signal }).catch(() => {});
    }
  }

  /** Until the session ends; throws why it did. */
  async function use(open: Session): Promise<void> {
    const signal = AbortSignal.any([ending.signal, open.ended]);
    const ask = async () => {
      const asked = performance.now();
      await open.rows('select 1');
      backoff.reset();
      if (!signal.aborted) alive(performance.now() - asked);
    };
    const silent = (error: unknown) => open.close(isLate(error) ? new Silence('question') : error);
    await Promise.all([
      pulse({ ask, alive: () => {}, silent, everyMs: pulseMs, deadlineMs: ANSWER_MS }, signal),
      readOn(open, signal),
    ]);
    open.ended.throwIfAborted();
  }

  async function readOn(open: Session, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await read(open).catch(error => {
        if (!signal.aborted) unread(error);
      });
      await sleep(everyMs, undefined, { signal: AbortSignal.any([signal, wake.signal]) }).catch(() => {});
    }
  }

  const done = live();
  return {
    get session() {
      return session;
    },
    hurry() {
      wake.abort();
      wake = new AbortController();
    },
    async stop() {
      ending.abort();
      session?.close();
      await done;
    },
  };
}

function isLate(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
