import { printable } from '../../model/printable.ts';
import { TroubleError } from '../../model/trouble.ts';
import { type PsqlTarget, psqlArguments } from '../reading-argv.ts';
import type { Run } from '../runner.ts';
import { asJson, type Row, type Session } from './session.ts';

/** A little less than a proof of life may take: what passes it is the way's silence; psql itself tells the server's after 3 s. */
const DEADLINE_MS = 3_700;

/** A "session" of one psql process a question, run where the server is. It holds no connection between questions. */
export function psqlSession(run: Run, target: PsqlTarget, on: string): Session {
  const ended = new AbortController();
  const cannotAsk = (reason: string) =>
    new TroubleError({ what: 'run psql', on, why: printable(reason, 400), fix: null });
  const rows = async (sql: string): Promise<Row[]> => {
    ended.signal.throwIfAborted();
    const argv = psqlArguments(target, asJson(sql).replace(/\s+/g, ' ').trim());
    const { code, stdout, stderr, timedOut } = await run(argv, { deadlineMs: DEADLINE_MS, signal: ended.signal });
    ended.signal.throwIfAborted();
    if (timedOut) throw cannotAsk(`no answer within ${DEADLINE_MS / 1000} s`);
    if (code === null) throw cannotAsk('the connection broke off');
    if (code === 126 || code === 127) throw cannotAsk(stderr || stdout);
    if (code !== 0) throw refusal(stderr || stdout, code);
    return answer(stdout);
  };
  const close = (reason: unknown = new Error('the connection was closed')) => ended.abort(reason);
  return { rows, ended: ended.signal, close };
}

function answer(stdout: string): Row[] {
  try {
    return JSON.parse(stdout) as Row[];
  } catch (error) {
    throw new Error('psql answered something that is not JSON', { cause: error });
  }
}

/** What psql prints with VERBOSITY=verbose: "ERROR:  42501: permission denied for table x", else its own sentence. */
function refusal(text: string, code: number): Error {
  const [, sqlState, message] = /^(?:ERROR|FATAL|PANIC): +([0-9A-Z]{5}): (.*)$/m.exec(text) ?? [];
  if (message) return Object.assign(new Error(message), { code: sqlState });
  const said =
    /(?:FATAL|ERROR): +(.*)/.exec(text)?.[1] ??
    text
      .trim()
      .split('\n')[0]
      ?.replace(/^psql: (error: )?/, '');
  return new Error(said || `psql ended with ${code}`);
}
