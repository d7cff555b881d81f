import { setTimeout as sleep } from 'node:timers/promises';
import type { Workload } from '../../model/entity.ts';
import { type Client, Refusal } from '../../sources/client.ts';
import type { ApiTask } from '../../sources/swarm/api.ts';
import { NotDone, partly, why } from '../attempt.ts';
import { counted } from '../room.ts';
import { type Part, partsOf } from '../stack.ts';
import { sendStep } from '../steps.ts';
import { type Plan, type Standing, type Steps, type Subject, Unfit, type Verb } from '../verb.ts';
import { serviceOfStack } from './deploy-stack.ts';

/** A stack with all that was made for it; volumes stay. */
export const removeStack: Verb = {
  name: 'remove-stack',
  title: 'Remove the stack',
  help: 'Remove the services, networks, configs and secrets of a stack; its volumes stay',
  kinds: ['workload'],
  unfit(noun) {
    if (noun.kind !== 'workload' || noun.system !== 'swarm') return 'only a swarm has stacks';
    return noun.namespace === null ? 'it belongs to no stack' : null;
  },
  named: serviceOfStack,
  async plan(subject) {
    const { client, signal } = subject;
    const noun = subject.noun as Workload;
    const stack = noun.namespace;
    if (stack === null) throw new Unfit('it belongs to no stack');
    const parts = await partsOf(stack, client, signal);
    return {
      command: `docker stack rm ${stack}`,
      risk: 'destructive',
      phrase: stack,
      changes: [...Map.groupBy(parts, ({ kind }) => kind)].map(([kind, of]) => ({
        what: `${kind}s of ${stack}`,
        from: String(of.length),
        to: 'none',
      })),
      notes: [
        `removes the whole stack ${stack}: ${counted(parts.length, 'object')}`,
        ...[...Map.groupBy(parts, ({ kind }) => kind)].map(([kind, of]) => `${kind}s: ${names(of)}`),
        'volumes stay',
      ],
      rights: [],
      edits: [],
      follow: steps => removeAll(parts, stack, subject, steps),
      proofs: parts.map(({ path, id }) => ({ path, gone: id })),
      standing: signal => standing(parts, stack, client, signal),
      inverse: null,
    } satisfies Plan;
  },
};

const EVERY_MS = 1_000;
/** A network is in use until the last task of its services has gone. */
const LIMIT_MS = 120_000;

async function removeAll(
  parts: readonly Part[],
  stack: string,
  { client, fleet }: Subject,
  steps: Steps,
): Promise<void> {
  const known = new Set(parts.map(({ id }) => id));
  const more = (await partsOf(stack, client, steps.signal)).filter(({ id }) => !known.has(id));
  if (more.length > 0) throw new NotDone('refused', `it would remove what was not shown: ${names(more)}`);
  const begun = fleet.now();
  for (const [index, part] of parts.entries()) {
    const words = `${index} of ${parts.length} removed`;
    steps.tell(words);
    for (;;) {
      if (steps.signal.aborted) throw new NotDone('unknown', `cut short: ${words}`);
      const held = await removeOne(part, words, client, steps);
      if (held === null) break;
      if (fleet.now() - begun > LIMIT_MS) throw new NotDone('failed', `${words}; ${part.kind} ${part.name}: ${held}`);
      steps.tell(`${words}; ${part.kind} ${part.name}: ${held}`);
      await sleep(EVERY_MS, undefined, { signal: steps.signal }).catch(() => {});
    }
  }
}

/** Null when it is gone, else why it is still held. */
async function removeOne(
  { kind, name, path, id }: Part,
  words: string,
  client: Client,
  steps: Steps,
): Promise<string | null> {
  try {
    await sendStep(steps, { method: 'DELETE', path }, { client, proofs: [{ path, gone: id }] });
    return null;
  } catch (error) {
    const refusal = error instanceof NotDone && error.cause instanceof Refusal ? error.cause : null;
    if (refusal?.status === 404) return null;
    if (refusal?.answer === 'no' && /in use|active endpoints/.test(why(refusal))) return why(refusal);
    throw words.startsWith('0 ') ? error : partly(error, `${words}; ${kind} ${name}`);
  }
}

async function standing(parts: readonly Part[], stack: string, client: Client, signal: AbortSignal): Promise<Standing> {
  const left = await partsOf(stack, client, signal);
  const still = left.filter(({ id }) => parts.some(part => part.id === id));
  if (still.length > 0) return { state: 'under way', words: `${still.length} of ${parts.length} still there` };
  const services = new Set(parts.filter(({ kind }) => kind === 'service').map(({ id }) => id));
  const tasks = (await client.get('/tasks', signal)) as ApiTask[];
  const running = tasks.filter(({ ServiceID = '', Status }) => services.has(ServiceID) && Status?.State === 'running');
  if (running.length > 0) return { state: 'under way', words: `${counted(running.length, 'task')} still to end` };
  return { state: 'done', words: `${counted(parts.length, 'object')} of ${stack} removed` };
}

const NAMED = 8;

function names(of: readonly Part[]): string {
  const first = of.slice(0, NAMED).map(({ name }) => name);
  return `${first.join(', ')}${of.length > NAMED ? ` and ${of.length - NAMED} more` : ''}`;
}
