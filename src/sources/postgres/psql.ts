import { type PsqlTarget, psqlArguments } from '../reading-argv.ts';
import type { Run } from '../runner.ts';
import { asJson, type Row, type Session } from './session.ts';

const DEADLINE_MS = 4_000;

/** A "session" of one psql process a question, run where the server is. It holds no connection between questions. */
export function psqlSession(run: Run, target: PsqlTarget): Session {
  const ended = new AbortController();
  const rows = async (sql: string): Promise<Row[]> => {
    ended.signal.throwIfAborted();
    const argv = psqlArguments(target, asJson(sql).replace(/\s+/g, ' ').trim());
    const { code, stdout, stderr, timedOut } = await run(argv, { deadlineMs: DEADLINE_MS, signal: ended.signal });
    if (timedOut) throw new Error(`psql did not answer within ${DEADLINE_MS / 1000} s`);
    if (code !== 0) throw refusal(stderr || stdout, code);
    return JSON.parse(stdout) as Row[];
  };
  const close = (reason: unknown = new Error('the connection was closed')) => ended.abort(reason);
  return { rows, ended: ended.signal, close };
}

/** What psql prints with VERBOSITY=verbose: "ERROR:  42501: permission denied for table x", else its own sentence. */
function refusal(text: string, code: number | null): Error {
  const [, sqlState, message] = /^(?:ERROR|FATAL|PANIC): +([0-9A-Z]{5}): (.*)$/m.exec(text) ?? [];
  if (message) return Object.assign(new Error(message), { code: sqlState });
  const said =
    /(?:FATAL|ERROR): +(.*)/.exec(text)?.[1] ??
    text
      .trim()
      .split('\n')[0]
      ?.replace(/^psql: (error: )?/, '');
  return new Error(said || `psql ended with ${code ?? 'a signal'}`);
}
