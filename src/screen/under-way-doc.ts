import type { Action, Gateway } from '../actions/gateway.ts';
import type { Queue } from '../actions/queue.ts';
import { summary } from '../actions/record.ts';
import { clockTime } from '../text/format.ts';
import { type Doc, newDoc } from './doc.ts';
import type { DocLine } from './document.ts';

/** What runs, what waits for it, and the ports that are forwarded; Enter calls off what waits, and ends a port. */
export function underWayDoc(gateway: Gateway, key: string): Doc {
  return newDoc('Under way', null, () => {
    const { background, running, queues } = gateway;
    const acting = running.filter(action => !background.includes(action));
    const lines = [
      ...part('Actions', acting.map(actionLine)),
      ...part(
        'Waiting',
        queues.flatMap(queue => queueLines(queue, gateway)),
      ),
      ...part('Forwarded ports', background.map(portLine)),
    ];
    if (lines.length === 0) {
      return [{ text: `Nothing is. ${key} on a pod, a workload or a service forwards a port.`, tone: 'dim' }];
    }
    return [...lines, { text: 'Enter calls off what waits, or ends the port under the cursor.', tone: 'dim' as const }];
  });
}

function part(title: string, lines: DocLine[]): DocLine[] {
  return lines.length === 0 ? [] : [{ text: title, tone: 'title' }, ...lines, { text: '' }];
}

function actionLine({ proposal: { noun, verb, plan }, words, startedAt }: Action): DocLine {
  return {
    text: `  ${summary(noun, verb, plan)}: ${words} · since ${clockTime(startedAt)}`,
    link: noun.id,
    tone: 'busy',
  };
}

function queueLines(queue: Queue, gateway: Gateway): DocLine[] {
  return queue.waiting.map(({ name }) => ({
    text: `  ${queue.verb.name} ${name}`,
    run: () => void gateway.callOff([queue]),
  }));
}

function portLine({ words, startedAt, stop }: Action): DocLine {
  return { text: `  ${words} · since ${clockTime(startedAt)}`, run: stop };
}
