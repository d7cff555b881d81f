import type { IncomingMessage, RequestOptions } from 'node:http';
import { isIP } from 'node:net';
import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import { Attention } from '../attention.ts';
import { why } from '../why.ts';
import type { HttpCheck } from './options.ts';

export interface Answer {
  /** null: no answer came. */
  status: number | null;
  /** Until the answer was there in whole; null without one, and where this process was too busy to tell. */
  latencyMs: number | null;
  /** Why it counts as failed, in words; null: it is well. */
  failure: string | null;
}

const BODY_LIMIT = 256 * 1024;
const USER_AGENT = 'quarterdeck';

/** Asks once, over a connection of its own. Resolves by the check's deadline; rejects only when `stop` aborts. */
export async function ask(check: HttpCheck, stop: AbortSignal): Promise<Answer> {
  const attention = new Attention(check.timeoutMs);
  try {
    const response = await request(check, AbortSignal.any([stop, attention.signal]));
    const body = await textOf(response, check);
    const status = response.statusCode ?? null;
    return { status, latencyMs: attention.end(), failure: failureOf(check, response, body) };
  } catch (error) {
    attention.end();
    stop.throwIfAborted();
    const failure = attention.signal.aborted ? `no answer within ${seconds(check.timeoutMs)} s` : why(error);
    return { status: null, latencyMs: null, failure };
  }
}

async function request({ url, method, host, insecure }: HttpCheck, signal: AbortSignal): Promise<IncomingMessage> {
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  const { request } = secure ? await import('node:https') : await import('node:http');
  const headers = { 'user-agent': USER_AGENT, accept: '*/*', ...(host ? { host } : {}) };
  // A proxy chooses the certificate by the name that is asked for.
  const name = host?.replace(/:\d+$/, '');
  const tls = secure ? { rejectUnauthorized: !insecure, ...(name && !isIP(name) ? { servername: name } : {}) } : {};
  const options: RequestOptions = { method, headers, signal, agent: false, ...tls };
  return new Promise((resolve, reject) => {
    request(target, options, resolve).on('error', reject).end();
  });
}

/** What is read of a body; a stream that never ends is left when enough is there. */
async function textOf(response: IncomingMessage, { contains }: HttpCheck): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += chunk;
    if (text.length >= BODY_LIMIT || (contains !== undefined && text.includes(contains))) break;
  }
  return text;
}

function failureOf(
  { expectStatus, contains, method }: HttpCheck,
  response: IncomingMessage,
  body: string,
): string | null {
  const status = response.statusCode ?? 0;
  const expected = [expectStatus ?? []].flat();
  const isExpected = expected.length > 0 ? expected.includes(status) : status >= 200 && status < 300;
  if (!isExpected) {
    const said = wordsOf(response, body);
    return `status ${status}${said ? `: ${said}` : ''}`;
  }
  if (contains !== undefined && method === 'GET' && !body.includes(contains))
    return printable(`the body lacks "${contains}"`, 200);
  return null;
}

/** What a failed answer says of itself: where it points to, or a short plain body. */
function wordsOf({ headers }: IncomingMessage, body: string): string | null {
  if (headers.location) return printable(maskText(`it points to ${headers.location}`), 160);
  const type = headers['content-type'] ?? '';
  const text = body.trim();
  if (!/^(text\/plain|application\/json)/.test(type) || text === '') return null;
  return printable(maskText(text.split('\n')[0] ?? ''), 160);
}

function seconds(ms: number): string {
  return String(Math.round(ms / 100) / 10);
}
