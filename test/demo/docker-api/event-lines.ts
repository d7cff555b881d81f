import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { at } from '../bed.ts';

export interface Lines {
  /** What was told so far, a value a line. */
  readonly lines: unknown[];
  /** Resolves when the engine has ended it. */
  readonly over: Promise<void>;
  stop(): void;
}

/** Listens to `/events` of an engine, from its headers on. */
export async function eventLines(host: string, query: string): Promise<Lines> {
  const call: ClientRequest = request(`${host.replace('tcp:', 'http:')}/events?${query}`, { agent: false });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on('response', resolve);
    call.on('error', reject);
    call.end();
  });
  const lines: unknown[] = [];
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part));
  });
  response.on('error', () => {}); // stopped by the test
  const over = new Promise<void>(resolve => response.on('end', resolve));
  return { lines, over, stop: () => call.destroy() };
}

/** `service update saasodoo_redis`, and what it says has changed. */
export function told(line: unknown): [string, unknown] {
  const attributes = { ...(at(line, 'Actor', 'Attributes') as Record<string, string>) };
  const { name, ...rest } = attributes;
  return [`${at(line, 'Type')} ${at(line, 'Action')} ${name}`, rest];
}

export const filters = (value: object) => `filters=${encodeURIComponent(JSON.stringify(value))}`;
