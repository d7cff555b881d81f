import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { parse } from 'yaml';
import type { ProfileInput } from '../src/profile/schema.ts';

/** What a plain reader of a followed log has had, as curl would: bytes, and the numbers in them. */
export interface PlainReader {
  /** Lines so far, those before the flood among them. */
  readonly lines: number;
  /** Number of the newest line of the flood; -1: none. */
  readonly newest: number;
  /** When it first had something beyond this number, by performance.now(); null: it has not. */
  beyond(number: number): number | null;
  close(): void;
}

const NEWLINE = 0x0a;

/** Numbered lines as the scenario log-flood writes them, in a text; the newest one, null without one. */
export function newestNumber(text: string): number | null {
  const [, number] = /.*line (\d{8}) /s.exec(text) ?? [];
  return number === undefined ? null : Number(number);
}

/** Follows what a GET answers. Resolves with its headers. */
export async function readPlainly(url: string, options: https.RequestOptions = {}): Promise<PlainReader> {
  const had: { at: number; newest: number }[] = [];
  let lines = 0;
  let looked = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const request = (url.startsWith('https') ? https : http).get(url, options, response => {
    response.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
      // A line is cut by a chunk's end at most: a few hundred bytes hold the newest whole number.
      const newest = newestNumber(chunk.subarray(-600).toString('latin1'));
      if (newest !== null) had.push({ at: performance.now(), newest });
    });
    response.on('error', () => {}); // its end is ours
    resolve();
  });
  request.on('error', reject);
  await promise;
  return {
    get lines() {
      return lines;
    },
    get newest() {
      return had.at(-1)?.newest ?? -1;
    },
    beyond(number) {
      while (looked < had.length && had[looked]!.newest <= number) looked++;
      return had[looked]?.at ?? null;
    },
    close: () => request.destroy(),
  };
}

/** How the embedded cluster's API is reached by its kubeconfig. */
export function clusterAt(profile: ProfileInput): { server: string; options: https.RequestOptions } {
  const source = profile.sources?.kubernetes as { kubeconfig: string };
  const { clusters, users } = parse(readFileSync(source.kubeconfig, 'utf8'));
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  const headers = { authorization: `Bearer ${users[0].user.token}` };
  return { server, options: { ca: Buffer.from(authority, 'base64'), headers } };
}

/** The whole answer to a GET. */
export async function json(url: string, options: https.RequestOptions = {}): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  (url.startsWith('https') ? https : http)
    .get(
      url,
      options,
      response => void response.toArray().then(all => resolve(JSON.parse(Buffer.concat(all).toString())), reject),
    )
    .on('error', reject);
  return promise;
}
