import type { Noun, Replica, Workload } from '../../model/entity.ts';
import { printable } from '../../model/printable.ts';
import { maskText } from '../../model/secrets.ts';
import { NotStarted, type Remote } from '../../sources/streams.ts';
import { NotDone, why } from '../attempt.ts';
import type { Lent } from '../console.ts';
import { inside, type Place } from '../places.ts';
import { type Field, InputError, type Plan, type Seat, type Verb } from '../verb.ts';
import { wordsOf } from '../words.ts';

/** A shell where a replica runs, or one command. */
export const exec: Verb = {
  name: 'exec',
  title: 'Shell',
  help: 'A shell in a replica, or one command there; of a workload, in the first that is ready',
  kinds: ['replica', 'workload'],
  session: true,
  unfit: notRunning,
  fields: noun => [
    { name: 'command', label: 'command', initial: '', help: 'empty: a shell (bash, else sh)', optional: true },
    ...containerField(noun),
  ],
  async plan(subject, { command = '', container = '' }): Promise<Plan> {
    const words = wordsOf(command);
    if (words === null) throw new InputError('command', 'a quote is not closed');
    const place = await inside(subject, container.trim());
    const shell = words.length === 0;
    const commands = shell ? [['bash'], ['sh']] : [words];
    return {
      command: maskText(printable(`${place.command(shell)} ${shell ? 'bash' : command.trim()}`)),
      risk: 'safe',
      changes: [],
      notes: [
        ...place.notes,
        ...(shell ? ['exit or Ctrl-D comes back; what is typed there does not stand in the journal'] : []),
      ],
      rights: place.rights('exec'),
      edits: [],
      through: place.client,
      session: { background: false, run: seat => runIn(place, commands, shell, seat) },
      proofs: [],
      standing: async () => ({ state: 'done', words: 'ended' }),
      inverse: null,
    };
  },
};

/** Asked for only where there is a choice. */
function containerField(noun: Noun): Field[] {
  const several = noun.kind === 'replica' ? noun.containers > 1 : noun.kind === 'workload' && noun.images.length > 1;
  const help = 'which one of several; empty: the usual one';
  return several ? [{ name: 'container', label: 'container', initial: '', help, optional: true }] : [];
}

/** Why nothing can be run there; null when it can. */
export function notRunning(noun: Noun): string | null {
  if (noun.kind === 'workload') {
    return (noun as Workload).wanted === 0 ? 'it is switched off: nothing of it runs' : null;
  }
  const { wanted, state, startedAt } = noun as Replica;
  if (wanted === 'completed' && !/running/i.test(state)) return `it has ended (${state}): nothing runs there`;
  return startedAt === null && !/running/i.test(state) ? `it does not run (${state})` : null;
}

async function runIn(place: Place, commands: readonly string[][], needsTerminal: boolean, seat: Seat) {
  const { console } = seat;
  if (needsTerminal && !console.hasTerminal) {
    throw new NotDone('refused', 'a shell needs a terminal: name a command (--set command="…")');
  }
  await place.check(seat.signal);
  const begun = performance.now();
  const head = `${place.title}: ${needsTerminal ? 'exit or Ctrl-D comes back' : 'it comes back by itself'}`;
  const code = await console.lend(head, terminal => firstOf(commands, place, seat, terminal));
  const seconds = Math.round((performance.now() - begun) / 1000);
  return { words: `${code === null ? 'ended' : `exit code ${code}`} after ${seconds} s`, exitCode: code };
}

/** The first of several commands that can be started there. */
async function firstOf(commands: readonly string[][], place: Place, seat: Seat, terminal: Lent) {
  let refusal: NotStarted | null = null;
  for (const command of commands) {
    try {
      return await held(place, command, seat, terminal);
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error;
      refusal = error;
    }
  }
  throw new NotDone('failed', refusal?.trouble.why ?? 'nothing was to be run');
}

/** From the begin of a command to its end, with the operator's keys and the size of the terminal. */
export async function held(
  { path, container }: Pick<Place, 'path' | 'container'>,
  command: readonly string[] | null,
  seat: Pick<Seat, 'execute' | 'signal'>,
  terminal: Lent,
): Promise<number | null> {
  const remote: Remote = await seat.execute({
    path,
    container,
    command,
    tty: terminal.size(),
    out: (data, from) => terminal.print(data, from),
  });
  terminal.onType(data => remote.type(data));
  terminal.onResize(size => remote.resize(size));
  try {
    return await remote.ended;
  } catch (error) {
    if (error instanceof NotStarted) throw error;
    throw new NotDone('unknown', seat.signal.aborted ? 'left before it ended' : why(error), error);
  }
}
