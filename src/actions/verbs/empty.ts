import type { Directory } from '../../model/entity.ts';
import type { DirectoryWrite, Emptied } from '../../sources/cephfs/client.ts';
import type { DirectoryObject } from '../../sources/cephfs/directory.ts';
import { Refusal, type Write } from '../../sources/client.ts';
import { age, bytes, counted, dateTime } from '../../text/format.ts';
import { NotDone, partly, why } from '../attempt.ts';
import { commandAt } from '../cephfs.ts';
import { sendStep } from '../steps.ts';
import { USING, usersOf } from '../users-of.ts';
import { NothingToDo, type Plan, type Steps, type Subject, Unfit, type Verb } from '../verb.ts';

/** What was changed so lately is written to by somebody, whoever that is. */
const JUST_NOW_MS = 120_000;

/** All that is in a directory of CephFS goes; the directory itself stays, with its quota and its owner. */
export const empty: Verb = {
  name: 'empty',
  title: 'Empty the directory',
  help: 'Delete all that is in a directory, for ever; what somebody who runs has mounted is refused',
  kinds: ['directory'],
  single: true,
  beside: USING,
  unfit: () => null,
  async plan(subject) {
    const { now, path } = subject;
    const object = subject.object as DirectoryObject;
    if (object.entries === 0) throw new NothingToDo('it is empty');
    const users = await usersNow(subject);
    if (users.running.length > 0) throw new Unfit(inUse(users.running));
    const isWritten = object.changedAt !== null && now - object.changedAt < JUST_NOW_MS;
    const unsure = [...users.unknown, ...(isWritten ? ['it was changed just now: somebody may be writing to it'] : [])];
    const proofs = [{ path, at: ['entries'], is: 0 }];
    const emptying = new Emptying(subject, proofs);
    return {
      command: commandAt(subject, ['find', object.path, '-xdev', '-mindepth', '1', '-delete']),
      risk: 'destructive',
      // Where it is not known that nobody needs it, its name alone comes too easily.
      ...(unsure.length > 0 && { phrase: (subject.noun as Directory).path }),
      changes: [{ what: 'directory', from: heldBy(object), to: 'empty' }],
      notes: [
        `newest change: ${object.changedAt === null ? 'none' : `${dateTime(object.changedAt)}, ${age(now - object.changedAt)} ago`}`,
        ...users.resting,
        ...unsure,
        ...(unsure.length > 0 ? [] : ['no pod and no service has it mounted; what else runs on machines is not seen']),
        'links are deleted, not followed; other file systems are left alone',
        'there is no way back',
      ],
      rights: [],
      edits: [],
      follow: steps => emptying.follow(steps),
      proofs,
      standing: signal => emptying.standing(signal),
      inverse: null,
    };
  },
};

/** Deletes step by step, each of which holds only for the directory that was seen, and ends by itself. */
class Emptying {
  readonly #subject: Subject;
  readonly #proofs: Plan['proofs'];
  readonly #write: Write;
  #deleted = 0;

  constructor(subject: Subject, proofs: Plan['proofs']) {
    const { ID, device } = subject.object as DirectoryObject;
    this.#subject = subject;
    this.#proofs = proofs;
    this.#write = { method: 'DELETE', path: subject.path, body: { ID, device } satisfies DirectoryWrite };
  }

  async follow(steps: Steps): Promise<void> {
    // Somebody may have been started while the dialog was open.
    const { running } = await usersNow({ ...this.#subject, signal: steps.signal });
    if (running.length > 0) throw new NotDone('refused', inUse(running));
    const { files, directories } = this.#subject.object as DirectoryObject;
    while (!(await this.#step(steps))) {
      steps.signal.throwIfAborted();
      steps.tell(`${this.#deleted} of about ${files + directories} deleted`);
    }
  }

  /** Whether nothing is left. */
  async #step(steps: Steps): Promise<boolean> {
    try {
      const on = { client: this.#subject.client, proofs: this.#proofs };
      const said = (await sendStep(steps, this.#write, on)) as Emptied | null;
      if (said === null) return true;
      this.#deleted += said.deleted;
      if (said.complaint !== null) throw new NotDone('refused', said.complaint);
      if (!said.isOver && said.deleted === 0) throw new NotDone('failed', 'nothing of it could be deleted in time');
      return said.isOver;
    } catch (error) {
      throw this.#deleted > 0 ? partly(cutOff(error), `${this.#deleted} deleted`) : cutOff(error);
    }
  }

  async standing(signal: AbortSignal) {
    const { client, path } = this.#subject;
    const { entries } = (await client.get(path, signal)) as DirectoryObject;
    const words = this.#deleted > 0 ? `${this.#deleted} deleted` : 'empty';
    return { state: 'done', words: entries > 0 ? `${words}; ${entries} have come since` : words } as const;
  }
}

/** A step that gave no answer may have deleted much, though not all of it is gone. */
function cutOff(error: unknown): unknown {
  if (!(error instanceof NotDone) || error.outcome !== 'failed' || !(error.cause instanceof Refusal)) return error;
  return error.cause.answer === 'none'
    ? new NotDone('failed', `some of it may be gone, and not all is: ${why(error.cause)}`, error.cause)
    : error;
}

function usersNow({ noun, object, fleet, signal }: Pick<Subject, 'noun' | 'object' | 'fleet' | 'signal'>) {
  return usersOf(noun as Directory, object as DirectoryObject, fleet, signal);
}

function inUse(running: readonly string[]): string {
  return `it is in use: ${running.join('; ')}`;
}

function heldBy({ bytes: size, files, directories }: DirectoryObject): string {
  return `${bytes(size)} (${size} bytes) in ${counted(files, 'file')}, ${counted(directories, 'directory', 'directories')}`;
}
