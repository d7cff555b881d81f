import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Listed, type Message, PROTOBUF, readList } from './protobuf.ts';
import { items, type Wire } from './wire.ts';

interface JsonList {
  metadata?: Listed['metadata'];
  items?: Wire[];
}

/** A page of a list in the form in which the server chose to answer. Throws when it is none. */
export function readPage({ body, type }: { body: Buffer; type: string }, message: Message | undefined): Listed {
  if (message && type.startsWith(PROTOBUF)) return readList(body, message);
  const { metadata = {}, items: objects } = (JSON.parse(body.toString('utf8')) ?? {}) as JsonList;
  if (!Array.isArray(objects)) throw new Error('the answer is no list');
  return { metadata, objects: items(objects) };
}

/** So many at a time, each read when it is asked for, and between them whatever else waits; an empty one for none. */
export async function* inTurns<T>(all: Iterable<T>, size: number): AsyncGenerator<T[]> {
  let some: T[] = [];
  for (const one of all) {
    if (some.length === size) {
      yield some;
      some = [];
      await nextTurn();
    }
    some.push(one);
  }
  yield some;
}
