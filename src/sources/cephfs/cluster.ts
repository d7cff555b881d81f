import type { Seen } from '../../model/entity.ts';
import type { Run } from '../runner.ts';
import { entriesAt, type Json, listAt, numberAt, textAt } from './json.ts';
import { type Doing, readError, resultError, Silent, startError } from './read-error.ts';
import { readStorage } from './storage.ts';

/** How long ceph looks for a monitor. Without this it looks for ever. */
const CONNECT_SECONDS = 5;
const DEADLINE_MS = 12_000;

export interface Asked {
  source: string;
  /** Where the cluster is asked from, for errors. */
  on: string;
  command: string[];
  fileSystem: string | null;
}

/**
 * The cluster, asked with `ceph … -f json`. What is read here is answered by the monitors: what the manager answers
 * (`fs status`, `osd df`) hangs without limit when there is none, so only `raw` asks for it.
 */
export class Cluster {
  readonly #asked: Asked;
  readonly #run: Run;
  #fsid: string | null = null;
  /** Ids by name; null where they could not be read. Read again when the map that holds them has changed. */
  #fileSystems: { epoch: number | null; ids: Map<string, number> | null } = { epoch: null, ids: null };

  constructor(asked: Asked, run: Run) {
    this.#asked = asked;
    this.#run = run;
  }

  /** Rejects with a ReadError, or with Hanging when an older question does not end. */
  async read(log: (line: string) => void, signal: AbortSignal): Promise<Seen<'storage'>> {
    const { source, fileSystem } = this.#asked;
    const optional = (question: Promise<Json>) =>
      question.catch(error => {
        log(String(error));
        return null;
      });
    const status = await this.#ask('status', signal);
    this.#fsid = textAt(status, 'fsid') ?? this.#fsid;
    const checks = entriesAt(status, 'health', 'checks');
    const health = checks.length > 0 ? await optional(this.#ask('health detail', signal)) : null;
    const epoch = numberAt(status, 'fsmap', 'epoch');
    if (this.#fileSystems.ids === null || this.#fileSystems.epoch !== epoch)
      this.#fileSystems = { epoch, ids: fileSystemIds(await optional(this.#ask('mds stat', signal))) };

    const { ids } = this.#fileSystems;
    const only = ids?.size === 1 ? [...ids.keys()][0] : undefined;
    const name = fileSystem ?? only ?? null;
    const fileSystemId = name === null ? null : (ids?.get(name) ?? null);
    if (ids && name !== null && fileSystemId === null) throw this.#noSuchFileSystem(name, [...ids.keys()]);
    return readStorage({ source, name, fsid: this.#fsid }, { status, health, fileSystemId }, Date.now());
  }

  /** What the tools say, each for itself: one that fails says why in its place. */
  async raw(signal: AbortSignal): Promise<unknown> {
    const questions = ['status', 'health detail', 'df detail', 'osd stat', 'mds stat', 'fs status'];
    const answers = questions.map(async words => {
      const answer = await this.#ask(words, signal).catch((error: unknown) => ({ error: String(error) }));
      return [words, answer] as const;
    });
    return Object.fromEntries(await Promise.all(answers));
  }

  async #ask(words: string, signal: AbortSignal): Promise<Json> {
    const { command, on } = this.#asked;
    const doing: Doing = { what: `ask ceph ${words}`, on, program: 'ceph' };
    const argv = [...command, '--connect-timeout', String(CONNECT_SECONDS), ...words.split(' '), '-f', 'json'];
    const result = await this.#run(argv, { deadlineMs: DEADLINE_MS, signal }).catch(error => {
      throw startError(error, doing);
    });
    if (result.timedOut) throw readError(`no answer within ${DEADLINE_MS / 1000} s`, doing, new Silent());
    if (result.code !== 0) throw resultError(result, doing);
    try {
      return JSON.parse(result.stdout);
    } catch (error) {
      throw readError(`its answer is not JSON: ${result.stdout.slice(0, 80)}`, doing, error);
    }
  }

  #noSuchFileSystem(name: string, there: string[]): Error {
    const others = there.length > 0 ? `there is ${there.join(', ')}` : 'there is none';
    const doing: Doing = { what: `find the file system ${name}`, on: this.#asked.on, program: 'ceph' };
    return readError(`the cluster has no such file system; ${others}: correct fileSystem in the profile`, doing);
  }
}

/** From `ceph mds stat`, whose JSON is the whole map of file systems. */
function fileSystemIds(map: Json): Map<string, number> | null {
  const systems = listAt(map, 'fsmap', 'filesystems') ?? listAt(map, 'filesystems');
  if (systems === null) return null;
  return new Map(
    systems.flatMap(each => {
      const name = textAt(each, 'mdsmap', 'fs_name');
      const id = numberAt(each, 'id');
      return name !== null && id !== null ? [[name, id] as const] : [];
    }),
  );
}
