import type { Row } from '../source.ts';
import { connect, type Login } from './connect.ts';

export type { Row };

/** A way to read from one database of one server: rows of one SELECT at a time, in a read-only session. */
export interface Session {
  /** Rows as JSON has them. Rejects with what the server says; after `close` at once. */
  rows(sql: string): Promise<Row[]>;
  /** Aborts, with the reason, when the session has ended: by the server, by the network, by `close`. */
  readonly ended: AbortSignal;
  /** Lets go at once, whatever is under way. */
  close(reason?: unknown): void;
}

/** Rejects within a few seconds with why it cannot be had, or with the signal's reason. */
export type Open = (signal: AbortSignal) => Promise<Session>;

/** Every answer is one value, so that a connection and psql give the same. */
export const asJson = (sql: string) => `select coalesce(json_agg(q), '[]') as rows from (${sql}) q`;

/**
 * One connection that cannot write: `default_transaction_read_only` is set before the first statement. Rejects as
 * `connect`.
 */
export async function openSession(login: Login, signal: AbortSignal): Promise<Session> {
  const { client, ended, close } = await connect(login, { options: '-c default_transaction_read_only=on' }, signal);
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (sql: string): Promise<Row[]> => {
    ended.throwIfAborted();
    const { rows } = await client.query<{ rows: Row[] }>(asJson(sql)).catch(error => {
      // The server ends the session after these words: they say more than the broken connection that follows.
      if (error.severity === 'FATAL') close(error);
      throw error;
    });
    return rows[0]?.rows ?? [];
  };
  const rows = (sql: string) => {
    const answer = last.then(() => ask(sql));
    last = answer.catch(() => {}); // told to who asked; the next question has its own answer
    return answer;
  };
  return { rows, ended, close };
}
