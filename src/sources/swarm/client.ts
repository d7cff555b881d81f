import { printable } from '../../model/printable.ts';
import { type Client, Refusal, wasSent } from '../client.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { executeOn } from './execute.ts';
import { explain } from './failure.ts';

/** A manager that has to ask the others, or an image that has to be looked up, takes its time. */
const DEADLINE_MS = 30_000;

/** Speaks to one manager for actions. `engine` is asked for at each call, since it is found when it is first reached. */
export function createClient(engine: () => Engine, flags: readonly string[] = []): Client {
  return {
    get target() {
      return engine().address;
    },
    // An engine knows no users: whoever may open its socket may do everything.
    identity: null,
    flags,
    get: (path, signal) =>
      engine()
        .get(...split(path), { deadlineMs: DEADLINE_MS, signal })
        .catch(error => {
          throw refusal(error, `read ${printable(path)}`, engine().address);
        }),
    async send(permit, write, signal) {
      permit.check();
      const of = engine();
      try {
        return await of.send(write, { deadlineMs: DEADLINE_MS, signal });
      } catch (error) {
        throw refusal(error, `${write.method} ${printable(write.path)}`, of.address);
      }
    },
    execute: executeOn(engine),
  };
}

function split(path: string): [string, Record<string, string>] {
  const [plain = '', query] = path.split('?');
  return [plain, Object.fromEntries(new URLSearchParams(query))];
}

function refusal(error: unknown, what: string, on: string): Refusal {
  const { trouble } = explain(error, what, on);
  if (error instanceof EngineError) return new Refusal(trouble, { answer: 'no', status: error.status }, error);
  return new Refusal(trouble, { answer: wasSent(error) ? 'none' : 'unsent' }, error);
}
