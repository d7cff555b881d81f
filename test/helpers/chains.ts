import { randomUUID } from 'node:crypto';
import { hashOf, type Link, type Writer } from '../../src/store/chain.ts';

export const writer = (login = 'ana', host = 'bastion'): Writer => ({ id: randomUUID(), login, host });

/** A chain of so many records, each with a word of its own; those after `before` follow on it. */
export function chain(length: number, word = 'a', before: readonly Link[] = []): Link[] {
  const links = [...before];
  for (let n = 0; n < length; n++) {
    const seq = links.length + 1;
    const id = `${word}${seq}`;
    const body = JSON.stringify({ id, at: seq * 1000, word, odd: "\u0000 \ud800 “ü” \\ ' \u001b[31m" });
    const fields = { seq, id, phase: 'intent', at: seq * 1000, body };
    links.push({ ...fields, hash: hashOf(links.at(-1)?.hash ?? '', fields) });
  }
  return links.slice(before.length);
}
