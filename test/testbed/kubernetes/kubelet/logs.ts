import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pod } from './objects.ts';

const EVERY_MS = 500;
/** Lines that were written before the container was looked at. */
const BEFORE = 100;
const WORDS = ['request handled', 'cache miss', 'connection accepted', 'retrying upstream', 'flush done'];

/** The log of a container: a line each half second, and `BEFORE` of them at its start. */
export function logs({ metadata, status }: Pod, name: string, query: URLSearchParams, response: ServerResponse): void {
  const container = status?.containerStatuses?.find(each => each.name === name);
  const refuse = (code: number, why: string) => void response.writeHead(code).end(why);
  if (!container) return refuse(404, `container ${name} not found in pod ${metadata.name}`);
  const { state, lastState } = container;
  const isPrevious = query.get('previous') === 'true';
  const about = isPrevious ? lastState : state.waiting ? lastState : state;
  if (isPrevious && !lastState.terminated) {
    return refuse(400, `previous terminated container "${name}" in pod "${metadata.name}" not found`);
  }
  const { running, terminated } = about as typeof state;
  const startedAt = Date.parse(running?.startedAt ?? terminated?.startedAt ?? '');
  if (Number.isNaN(startedAt)) {
    const why = state.waiting?.reason ?? 'ContainerCreating';
    return refuse(400, `container "${name}" in pod "${metadata.name}" is waiting to start: ${why}`);
  }
  const last = () =>
    BEFORE + Math.floor(((terminated ? Date.parse(terminated.finishedAt) : Date.now()) - startedAt) / EVERY_MS);
  const at = (number: number) => startedAt + Math.max(0, number - BEFORE) * EVERY_MS;
  const line = (number: number) => {
    const stamp =
      query.get('timestamps') === 'true' ? `${new Date(at(number)).toISOString().slice(0, 23)}000000Z ` : '';
    return `${stamp}INFO ${metadata.name}/${name} line=${number} ${WORDS[number % WORDS.length]}\n`;
  };
  void write().catch(() => response.destroy());

  async function write(): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const since =
      Date.parse(query.get('sinceTime') ?? '') || Date.now() - Number(query.get('sinceSeconds') ?? Infinity) * 1000;
    const tail = query.has('tailLines') ? Number(query.get('tailLines')) : Infinity;
    let next = Math.max(0, last() - tail);
    while (next < last() && at(next) < since) next += 1;
    for (;;) {
      let text = '';
      while (next < last()) text += line(next++);
      response.write(text);
      if (query.get('follow') !== 'true' || terminated || response.destroyed) break;
      await sleep(EVERY_MS);
    }
    response.end();
  }
}
